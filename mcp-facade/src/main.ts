import './frugal.ts';
import { openTracing } from '@cortex/operator/telemetry/tracing';
import { commandLineOf, HELP } from './command-line.ts';
import { configFrom } from './config.ts';
import { createLogger } from './log.ts';
import { runCheck } from './run-check.ts';
import { runHttp } from './run-http.ts';
import { runStdio } from './run-stdio.ts';
import type { Running } from './running.ts';
import { VERSION } from './server.ts';

async function main(running: Running): Promise<void> {
  switch (running.line.command) {
    case 'help':
      return void process.stdout.write(HELP);
    case 'version':
      return void process.stdout.write(`${VERSION}\n`);
    case 'check':
      return await runCheck(running);
    case 'stdio':
      return await runStdio(running);
    case 'http':
      return await runHttp(running);
  }
}

try {
  const config = configFrom(process.env);
  const log = createLogger(config.logLevel);
  const tracing = await openTracing(process.env, {
    service: 'cortex-mcp-facade',
    version: VERSION,
    instance: process.env['HOSTNAME'],
    trouble: (message, error) => log.warn(message, { error }),
    recovered: (message) => log.info(message),
  });
  await main({ line: commandLineOf(process.argv.slice(2)), config, log, tracing });
} catch (error) {
  createLogger('info').error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
