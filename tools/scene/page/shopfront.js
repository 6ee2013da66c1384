// Signs, posters and small ads, painted on canvases; every name is invented.
import { canvasTexture } from './textures.js';
import { dice } from './dice.js';

const CJK = '"Noto Sans CJK SC", "Noto Sans SC", sans-serif';

export function signBoard(shop) {
  return canvasTexture(1024, 176, (g, w, h) => {
    const fade = g.createLinearGradient(0, 0, 0, h);
    fade.addColorStop(0, shop.sign);
    fade.addColorStop(1, shade(shop.sign, 0.78));
    g.fillStyle = fade;
    g.fillRect(0, 0, w, h);
    g.strokeStyle = 'rgba(255,255,255,.35)';
    g.lineWidth = 5;
    g.strokeRect(9, 9, w - 18, h - 18);
    g.fillStyle = shop.ink || '#fff';
    g.textAlign = 'center';
    g.textBaseline = 'middle';
    g.font = `700 ${Math.min(104, 820 / shop.name.length)}px ${CJK}`;
    g.fillText(shop.name, w / 2, h / 2 - 8);
    g.font = `500 24px ${CJK}`;
    g.fillText(shop.line || '诚信经营  欢迎光临', w / 2, h - 28);
  });
}

export function shade(hex, factor) {
  const value = parseInt(hex.slice(1), 16);
  const part = (shift) => Math.round(((value >> shift) & 255) * factor);
  return `rgb(${part(16)},${part(8)},${part(0)})`;
}

export function poster(text, seed) {
  const roll = dice(seed);
  return canvasTexture(256, 360, (g, w, h) => {
    g.fillStyle = roll.pick(['#b8342c', '#e3d6b0', '#2c6a52', '#d7812d', '#e9e7df']);
    g.fillRect(0, 0, w, h);
    g.fillStyle = '#fff8d8';
    g.strokeStyle = '#0006';
    g.font = `700 74px ${CJK}`;
    g.textAlign = 'center';
    [...text].forEach((sign, i) => g.fillText(sign, 74 + (i % 2) * 110, 120 + Math.floor(i / 2) * 110));
    g.strokeRect(4, 4, w - 8, h - 8);
  });
}

export function cloth(text, colour, ink, width = 1536, height = 160) {
  return canvasTexture(width, height, (g, w, h) => {
    g.fillStyle = colour;
    g.fillRect(0, 0, w, h);
    g.fillStyle = ink;
    g.font = `700 ${h * 0.62}px ${CJK}`;
    g.textAlign = 'center';
    g.textBaseline = 'middle';
    g.fillText(text, w / 2, h / 2 + 4);
  });
}

export function smallAd(seed) {
  const roll = dice(seed);
  return canvasTexture(192, 256, (g, w, h) => {
    g.fillStyle = roll.pick(['#f2efe2', '#f3dd62', '#e9b9b0', '#cfe4ee', '#f7f7f2']);
    g.fillRect(0, 0, w, h);
    g.fillStyle = roll.pick(['#b3201a', '#1d2f6a', '#222']);
    g.textAlign = 'center';
    g.font = `700 46px ${CJK}`;
    g.fillText(roll.pick(['疏通', '开锁', '招工', '贷款', '租房', '回收']), w / 2, 70);
    g.font = `700 24px ${CJK}`;
    g.fillText('随叫随到', w / 2, 120);
    g.font = '700 28px sans-serif';
    g.fillText('139****0000', w / 2, 170);
    g.fillStyle = 'rgba(90,80,60,.25)';
    g.fillRect(0, roll() * h, w, roll.between(4, 30));
  });
}

export function plate(text, green) {
  return canvasTexture(256, 80, (g, w, h) => {
    g.fillStyle = green ? '#7fc79a' : '#1d4fa3';
    g.fillRect(0, 0, w, h);
    g.strokeStyle = '#fff';
    g.lineWidth = 4;
    g.strokeRect(5, 5, w - 10, h - 10);
    g.fillStyle = green ? '#111' : '#fff';
    g.font = `700 50px ${CJK}`;
    g.textAlign = 'center';
    g.fillText(text, w / 2, 58);
  });
}
