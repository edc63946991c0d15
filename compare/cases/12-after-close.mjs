import { later } from '../observe.mjs';

export const title = 'Both sides go on notifying after the pipe broke';

export async function run({ open, loose }) {
  const work = async (_params, { notify }) => {
    await later(50);
    void notify('event', {});
    return {};
  };
  const pair = await open({ requests: { work } });
  pair.request('work', {}).catch(() => undefined);
  await later(20);
  pair.hangUp();
  await later(100);
  // As an application does: nobody awaits a notification.
  const said = [() => pair.notify('pong', {}), () => pair.emit('event', {})].map(speak);
  await later(300);
  const rejections = loose.length === 0 ? 'no unhandled rejection' : `${loose.length} unhandled rejections`;
  return [rejections, ...new Set(said.filter((what) => what !== undefined))].join(', ');
}

/** What the caller learns on the spot. */
function speak(notify) {
  try {
    const word = notify();
    return typeof word === 'string' ? `notify says "${word}"` : undefined;
  } catch {
    return 'notify throws';
  }
}
