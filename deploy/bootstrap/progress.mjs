// One line a step: rewritten in place on a terminal, printed once it has ended elsewhere.

const onTerminal = process.stdout.isTTY === true && process.env.CI === undefined;

/** Runs `work`, showing `title` while it lasts; the returned text, if any, is added behind it. */
export async function step(title, work) {
  const begun = Date.now();
  if (onTerminal) process.stdout.write(`  … ${title}`);
  try {
    const remark = await work();
    finish('✓', remark);
    return remark;
  } catch (error) {
    finish('✗', error.message.split('\n')[0]);
    throw error;
  }

  function finish(mark, remark) {
    const seconds = ((Date.now() - begun) / 1000).toFixed(1);
    const line = `  ${mark} ${title}${remark ? `: ${remark}` : ''} (${seconds} s)`;
    process.stdout.write(onTerminal ? `\r\u001b[K${line}\n` : `${line}\n`);
  }
}
