// What one sees through a shop's glass: a painted back wall for each trade.
import { dice } from './dice.js';
import { canvasTexture, speckle } from './textures.js';

const CJK = '"Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const [W, H] = [1024, 512];

function goods(g, roll, [x, y, width, height], { rows, low, high, hues, light = [34, 66] }) {
  g.fillStyle = 'rgba(70,60,48,.9)';
  g.fillRect(x, y, width, height);
  const gap = height / rows;
  for (let row = 0; row < rows; row++) {
    for (let at = x + 3; at < x + width - low; ) {
      const size = roll.between(low, high);
      const tall = gap * roll.between(0.4, 0.85);
      const hue = roll.pick(hues) + roll.between(-10, 10);
      const run = 1 + Math.floor(roll() * 3);
      for (let k = 0; k < run && at < x + width - size; k++, at += size + 1) {
        g.fillStyle = `hsl(${hue},${roll.between(25, 55)}%,${roll.between(...light)}%)`;
        g.fillRect(at, y + (row + 1) * gap - tall - 4, size, tall);
      }
    }
    g.fillStyle = 'rgba(205,198,182,.85)';
    g.fillRect(x, y + (row + 1) * gap - 4, width, 4);
  }
}

function counter(g, [x, y, width, height], front = '#8a7a62', top = '#d8d0be') {
  g.fillStyle = front;
  g.fillRect(x, y, width, height);
  g.fillStyle = top;
  g.fillRect(x - 6, y - 10, width + 12, 12);
}

function menu(g, roll, x, y, ground) {
  g.fillStyle = ground;
  g.fillRect(x, y, 190, 110);
  g.fillStyle = '#fff6d6';
  g.font = `700 17px ${CJK}`;
  for (let i = 0; i < 4; i++) {
    g.fillText(roll.pick(['鲜肉包  2元', '海鲜面 28元', '豆浆  3元', '炒年糕 16元', '鱼丸汤 12元', '小馄饨 9元']), x + 14, y + 26 + i * 24);
  }
}

const TRADES = {
  fruit(g, roll) {
    for (let row = 0; row < 3; row++) {
      for (let i = 0; i < 12; i++) {
        const [x, y] = [30 + i * 82, 190 + row * 92];
        g.fillStyle = '#6d5a40';
        g.fillRect(x, y + 30, 74, 34);
        const hue = roll.pick([8, 22, 44, 60, 88, 345]);
        for (let k = 0; k < 22; k++) {
          g.fillStyle = `hsl(${hue + roll.between(-6, 6)},${roll.between(45, 65)}%,${roll.between(36, 56)}%)`;
          g.beginPath();
          g.arc(x + 6 + roll() * 62, y + 8 + roll() * 26, 9, 0, 6.2832);
          g.fill();
        }
      }
    }
  },
  store(g, roll) {
    goods(g, roll, [20, 110, 300, 330], { rows: 6, low: 9, high: 20, hues: [0, 40, 120, 200, 300] });
    goods(g, roll, [350, 150, 180, 290], { rows: 5, low: 12, high: 24, hues: [0, 30, 210] });
    g.fillStyle = '#e6eef0';
    g.fillRect(570, 96, 170, 350);
    goods(g, roll, [582, 120, 146, 300], { rows: 5, low: 8, high: 13, hues: [120, 30, 0, 200], light: [45, 70] });
    counter(g, [790, 330, 220, 130]);
    goods(g, roll, [800, 120, 200, 170], { rows: 4, low: 10, high: 18, hues: [0, 10, 45] });
  },
  noodle(g, roll) {
    menu(g, roll, 90, 100, '#7c2a22');
    menu(g, roll, 330, 100, '#7c2a22');
    for (const x of [60, 330, 720]) {
      counter(g, [x, 370, 190, 14], '#6d4f34', '#a27a50');
      for (const dx of [10, 160]) g.fillRect(x + dx, 384, 12, 90);
      g.fillStyle = '#3e3026';
      for (const dx of [-26, 196]) g.fillRect(x + dx, 330, 14, 140);
    }
    counter(g, [560, 300, 150, 170], '#8f9598', '#cfd4d6');
  },
  bun(g, roll) {
    menu(g, roll, 420, 90, '#25523d');
    menu(g, roll, 640, 90, '#25523d');
    for (let i = 0; i < 5; i++) {
      const x = 60 + i * 92;
      for (let k = 0; k < 4 + Math.floor(roll() * 3); k++) {
        g.fillStyle = k % 2 ? '#b58f58' : '#c9a56c';
        g.fillRect(x, 320 - k * 34, 82, 31);
        g.fillStyle = 'rgba(60,40,20,.6)';
        g.fillRect(x, 346 - k * 34, 82, 4);
      }
    }
    counter(g, [40, 356, 900, 130], '#9aa0a2', '#d4d8d8');
  },
  barber(g, roll) {
    for (let i = 0; i < 4; i++) {
      const x = 50 + i * 245;
      g.fillStyle = '#9fb1b8';
      g.fillRect(x, 110, 150, 200);
      g.fillStyle = 'rgba(255,255,255,.35)';
      g.fillRect(x + 12, 120, 30, 180);
      g.fillStyle = roll.pick(['#2a2a2c', '#5a2a2c']);
      g.fillRect(x + 34, 330, 90, 90);
      g.fillRect(x + 66, 420, 26, 70);
    }
  },
  drug(g, roll) {
    for (const x of [20, 270, 770]) {
      goods(g, roll, [x, 110, 220, 320], { rows: 8, low: 10, high: 22, hues: [140, 200, 0, 30], light: [55, 80] });
    }
    g.fillStyle = '#1f7f55';
    g.fillRect(596, 130, 40, 120);
    g.fillRect(556, 170, 120, 40);
    counter(g, [520, 340, 220, 140], '#cfd8d4', '#f1f4f2');
  },
  phone(g, roll) {
    for (let i = 0; i < 4; i++) {
      g.fillStyle = `hsl(${roll.pick([205, 215, 5, 265])},50%,${roll.between(38, 55)}%)`;
      g.fillRect(40 + i * 245, 96, 200, 170);
      g.fillStyle = '#fff';
      g.font = `700 40px ${CJK}`;
      g.fillText(roll.pick(['5G 套餐', '以旧换新', '免费贴膜', '宽带']), 56 + i * 245, 190);
    }
    for (const x of [50, 540]) counter(g, [x, 340, 420, 130], '#dfe5e8', '#f6f8f8');
  },
  hardware(g, roll) {
    g.fillStyle = '#7d7a72';
    g.fillRect(20, 90, 984, 220);
    for (let i = 0; i < 90; i++) {
      g.fillStyle = `hsl(${roll.pick([20, 40, 210, 0])},${roll.between(10, 50)}%,${roll.between(25, 60)}%)`;
      g.fillRect(30 + roll() * 950, 100 + roll() * 170, roll.between(5, 26), roll.between(12, 70));
    }
    goods(g, roll, [20, 330, 984, 130], { rows: 2, low: 22, high: 46, hues: [30, 205, 0, 40] });
  },
};

export function interior(kind, seed, night) {
  const roll = dice(seed);
  return canvasTexture(W, H, (g) => {
    g.fillStyle = night ? '#dcc79c' : '#8c877c';
    g.fillRect(0, 0, W, H);
    g.fillStyle = night ? '#8f7448' : '#57524a';
    g.fillRect(0, 470, W, 42);
    (TRADES[kind] || TRADES.store)(g, roll);
    g.fillStyle = night ? '#fffbe8' : '#e6ecea';
    for (let i = 0; i < 5; i++) g.fillRect(60 + i * 200, 34, 120, 8);
    speckle(g, W, H, roll, 0.07, 6000, 3);
    veil(g, night);
  });
}

// By day the room is darker than the street and the glass carries a pale reflection.
function veil(g, night) {
  const fade = g.createLinearGradient(0, 0, 0, H);
  fade.addColorStop(0, night ? 'rgba(60,40,10,.15)' : 'rgba(14,16,18,.62)');
  fade.addColorStop(0.5, night ? 'rgba(60,40,10,.05)' : 'rgba(14,16,18,.4)');
  fade.addColorStop(1, night ? 'rgba(60,40,10,.3)' : 'rgba(14,16,18,.5)');
  g.fillStyle = fade;
  g.fillRect(0, 0, W, H);
  if (night) return;
  g.fillStyle = 'rgba(190,205,215,.07)';
  for (const x of [40, 420, 780]) {
    g.beginPath();
    g.moveTo(x, H);
    g.lineTo(x + 120, 0);
    g.lineTo(x + 220, 0);
    g.lineTo(x + 100, H);
    g.fill();
  }
}
