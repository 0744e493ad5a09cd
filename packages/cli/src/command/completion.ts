// Completion for shells, from the commands themselves, so that it never knows less than they do.

import type { Command } from 'commander';

export function completionScript(program: Command, shell: 'bash' | 'zsh' | 'fish'): string {
  const commands = program.commands.map((command) => ({ name: command.name(), about: command.description(),
    options: command.options.map((option) => option.long ?? '').filter((long) => long !== '') }));
  const names = commands.map((command) => command.name).join(' ');
  switch (shell) {
    case 'bash': return bash(names, commands);
    case 'zsh': return `#compdef netreel\nautoload -U +X bashcompinit && bashcompinit\n${bash(names, commands)}`;
    case 'fish': return commands.flatMap(({ name, about, options }) => [
      `complete -c netreel -n __fish_use_subcommand -f -a ${name} -d '${about.replace(/'/g, '')}'`,
      ...options.map((option) => `complete -c netreel -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`),
    ]).join('\n').concat('\n');
  }
}

function bash(names: string,
  commands: readonly { readonly name: string; readonly options: readonly string[] }[]): string {
  const cases = commands.map(({ name, options }) => `    ${name}) words="${options.join(' ')}" ;;`).join('\n');
  return `_netreel() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names}"
  else case "\${COMP_WORDS[1]}" in
${cases}
  esac; fi
  case "\${COMP_WORDS[1]}" in
    verify|events|at|diff|export) [[ "$word" != -* ]] &&
      words="$words last $(netreel ls 2>/dev/null | tail -n +2 | cut -d ' ' -f 1)" ;;
    run|import) [[ "$word" != -* ]] && COMPREPLY=($(compgen -f -- "$word")) && return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _netreel netreel ./netreel
`;
}
