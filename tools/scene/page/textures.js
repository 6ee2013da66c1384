// Canvas textures of the ground and the walls.
import * as T from 'three';
import { dice } from './dice.js';

export function canvasTexture(width, height, paint, repeat = [1, 1]) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  paint(canvas.getContext('2d'), width, height);
  const texture = new T.CanvasTexture(canvas);
  texture.colorSpace = T.SRGBColorSpace;
  texture.wrapS = texture.wrapT = T.RepeatWrapping;
  texture.repeat.set(...repeat);
  texture.anisotropy = 4;
  return texture;
}

// Textures that depend on their arguments alone are painted once, however many streets use them.
function once(paint) {
  const made = new Map();
  return (...args) => {
    const key = JSON.stringify(args);
    if (!made.has(key)) made.set(key, paint(...args));
    return made.get(key);
  };
}

export function speckle(g, w, h, roll, amount, count, size = 2) {
  for (let i = 0; i < count; i++) {
    g.fillStyle = `rgba(${roll() > 0.5 ? '0,0,0' : '255,255,255'},${amount * roll()})`;
    g.fillRect(roll() * w, roll() * h, 1 + roll() * size, 1 + roll() * size);
  }
}

export function stains(g, w, h, roll, count, colour, low, high) {
  for (let i = 0; i < count; i++) {
    const r = roll.between(low, high);
    const x = roll() * w;
    const y = roll() * h;
    const fade = g.createRadialGradient(x, y, 0, x, y, r);
    fade.addColorStop(0, `rgba(${colour},${roll.between(0.05, 0.2)})`);
    fade.addColorStop(1, `rgba(${colour},0)`);
    g.fillStyle = fade;
    g.fillRect(x - r, y - r, 2 * r, 2 * r);
  }
}

function crack(g, roll, w, h) {
  let x = roll() * w;
  let y = roll() * h;
  let way = roll() * 6.28;
  g.beginPath();
  g.moveTo(x, y);
  for (let i = 0; i < 26; i++) {
    way += roll.between(-0.6, 0.6);
    x += Math.cos(way) * 9;
    y += Math.sin(way) * 9;
    g.lineTo(x, y);
  }
  g.strokeStyle = 'rgba(25,25,25,.55)';
  g.lineWidth = roll.between(0.8, 1.8);
  g.stroke();
}

export const asphalt = once((seed, repeat) => {
  const roll = dice(seed);
  return canvasTexture(1024, 1024, (g, w, h) => {
    g.fillStyle = '#5f6163';
    g.fillRect(0, 0, w, h);
    stains(g, w, h, roll, 60, '20,20,22', 30, 160);
    stains(g, w, h, roll, 30, '160,158,150', 30, 140);
    for (const [x, y, a, b] of [[90, 130, 260, 110], [600, 520, 150, 330]]) {
      g.fillStyle = 'rgba(44,46,48,.75)';
      g.fillRect(x, y, a, b);
    }
    for (let i = 0; i < 9; i++) crack(g, roll, w, h);
    speckle(g, w, h, roll, 0.2, 42000, 2);
  }, repeat);
});

export const paving = once((seed, repeat) => {
  const roll = dice(seed);
  return canvasTexture(1024, 1024, (g, w, h) => {
    g.fillStyle = '#77736b';
    g.fillRect(0, 0, w, h);
    const side = 64;
    for (let i = 0; i < 16; i++) {
      for (let j = 0; j < 16; j++) {
        const red = (i + j) % 4 === 0;
        const v = roll.between(150, 178);
        g.fillStyle = red ? `rgb(${v},${v * 0.8},${v * 0.74})` : `rgb(${v},${v - 4},${v - 12})`;
        g.fillRect(i * side + 1, j * side + 1, side - 2.5, side - 2.5);
      }
    }
    stains(g, w, h, roll, 50, '40,36,30', 20, 90);
    speckle(g, w, h, roll, 0.14, 26000, 2);
  }, repeat);
});

export const tactile = once((repeat) => {
  return canvasTexture(128, 128, (g, w, h) => {
    g.fillStyle = '#c3a244';
    g.fillRect(0, 0, w, h);
    for (let i = 0; i < 4; i++) {
      g.fillStyle = '#a88a32';
      g.fillRect(8, 10 + i * 31, 112, 13);
      g.fillStyle = '#d9bb60';
      g.fillRect(8, 10 + i * 31, 112, 4);
    }
    g.fillStyle = 'rgba(70,60,40,.8)';
    g.fillRect(0, 0, w, 2);
    g.fillRect(0, 0, 2, h);
  }, repeat);
});

export const facade = once((seed, tone, repeat) => {
  const roll = dice(seed);
  return canvasTexture(1024, 1024, (g, w, h) => {
    g.fillStyle = '#8d877d';
    g.fillRect(0, 0, w, h);
    for (let j = 0; j < 64; j++) {
      for (let i = 0; i < 24; i++) {
        const v = roll.between(-9, 9);
        g.fillStyle = `rgb(${tone[0] + v},${tone[1] + v},${tone[2] + v})`;
        g.fillRect(i * 43 + (j % 2) * 21, j * 16, 42, 15);
      }
    }
    for (let i = 0; i < 26; i++) {
      const x = roll() * w;
      const y = roll() * h * 0.8;
      const fade = g.createLinearGradient(0, y, 0, y + 260);
      fade.addColorStop(0, `rgba(50,46,40,${roll.between(0.08, 0.3)})`);
      fade.addColorStop(1, 'rgba(50,46,40,0)');
      g.fillStyle = fade;
      g.fillRect(x, y, roll.between(4, 26), 260);
    }
    speckle(g, w, h, roll, 0.1, 16000, 2);
  }, repeat);
});

export const kerbStone = once((repeat) => {
  const roll = dice(31);
  return canvasTexture(256, 64, (g, w, h) => {
    g.fillStyle = '#a3a19b';
    g.fillRect(0, 0, w, h);
    speckle(g, w, h, roll, 0.2, 2600, 2);
    g.fillStyle = 'rgba(40,40,40,.75)';
    g.fillRect(0, 0, 3, h);
  }, repeat);
});

export const worn = once((colour, seed, repeat = [1, 1]) => {
  const roll = dice(seed);
  return canvasTexture(512, 32, (g, w, h) => {
    g.fillStyle = colour;
    g.fillRect(0, 0, w, h);
    for (let i = 0; i < 900; i++) {
      g.fillStyle = `rgba(80,80,80,${roll() * 0.55})`;
      g.fillRect(roll() * w, roll() * h, roll() * 6, roll() * 3);
    }
  }, repeat);
});

export const foliage = once(() => {
  const roll = dice(77);
  const texture = canvasTexture(256, 256, (g) => {
    for (let i = 0; i < 210; i++) {
      const a = roll() * 6.283;
      const d = Math.sqrt(roll()) * 112;
      g.save();
      g.translate(128 + Math.cos(a) * d, 128 + Math.sin(a) * d);
      g.rotate(roll() * 6.283);
      const light = roll.between(20, 44);
      g.fillStyle = `hsl(${roll.between(80, 108)},${roll.between(18, 34)}%,${light}%)`;
      g.beginPath();
      g.ellipse(0, 0, roll.between(7, 13), roll.between(3.5, 6), 0, 0, 6.283);
      g.fill();
      g.restore();
    }
  });
  texture.wrapS = texture.wrapT = T.ClampToEdgeWrapping;
  return texture;
});

export const shutter = once((seed) => {
  const roll = dice(seed);
  return canvasTexture(512, 512, (g, w, h) => {
    for (let i = 0; i < 40; i++) {
      const fade = g.createLinearGradient(0, i * 13, 0, i * 13 + 13);
      fade.addColorStop(0, '#b2b6b8');
      fade.addColorStop(0.7, '#8b9093');
      fade.addColorStop(1, '#5f6467');
      g.fillStyle = fade;
      g.fillRect(0, i * 13, w, 13);
    }
    stains(g, w, h, roll, 24, '70,50,30', 10, 60);
    speckle(g, w, h, roll, 0.12, 3000, 2);
  });
});
