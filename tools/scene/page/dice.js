// A small seeded generator, so that one plan always draws one picture.
export function dice(seed) {
  let state = (Math.imul(seed | 0, 0x9E3779B1) ^ 0x85EBCA6B) | 0;
  const roll = () => {
    state = (state + 0x6D2B79F5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  roll.between = (low, high) => low + (high - low) * roll();
  roll.pick = (list) => list[Math.floor(roll() * list.length)];
  return roll;
}
