// Number of events in each of the last 120 seconds.

const SECONDS = 120;

export class Pulse {
  private readonly counts = new Array<number>(SECONDS).fill(0);
  private current = 0;

  constructor(private readonly canvas: HTMLCanvasElement) {}

  beat(): void {
    this.current++;
  }

  /** Ends a second; called once a second. */
  tick(): void {
    this.counts.push(this.current);
    this.counts.shift();
    this.canvas.title = `${this.current} events in the last second`;
    this.current = 0;
    this.draw();
  }

  draw(): void {
    const context = this.canvas.getContext('2d');
    if (!context) return;
    const { width, height } = this.canvas;
    const most = Math.max(8, ...this.counts);
    context.clearRect(0, 0, width, height);
    context.fillStyle = getComputedStyle(this.canvas).color;
    const step = width / SECONDS;
    this.counts.forEach((n, i) => {
      // The square root keeps a few events visible beside a burst.
      const bar = n === 0 ? 1 : 2 + (height - 2) * Math.sqrt(n / most);
      context.globalAlpha = n === 0 ? 0.25 : 0.85;
      context.fillRect(i * step, height - bar, step - 0.5, bar);
    });
  }
}
