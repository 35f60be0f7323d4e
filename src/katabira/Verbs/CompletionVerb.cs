using System.CommandLine;

namespace Katabira.Cli.Verbs;

/// <summary><c>katabira completion</c>: a script that makes a shell ask this program what may come next.</summary>
/// <remarks>
/// The scripts hold no list of verbs: they call <c>[suggest:POSITION] LINE</c>, which the parser itself answers, where LINE is what was typed
/// after the command's own name. So they never grow old.
/// </remarks>
internal static class CompletionVerb
{
    private static readonly Dictionary<string, string> s_scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # source <(katabira completion bash)
            _katabira() {
              local line=${COMP_LINE:0:COMP_POINT} word
              line=${line#*"${COMP_WORDS[0]}"}
              line=${line# }
              COMPREPLY=()
              while IFS= read -r word; do
                [[ $word != "${COMP_WORDS[COMP_CWORD]}"* ]] || COMPREPLY+=("$word")
              done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
            }
            complete -o default -F _katabira katabira
            """,
        ["zsh"] = """
            # source <(katabira completion zsh)
            _katabira() {
              local line="${(j: :)words[2,CURRENT]}"
              local -a found
              found=("${(@f)$(${words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)}")
              compadd -a found
            }
            compdef _katabira katabira
            """,
        ["fish"] = """
            # katabira completion fish | source
            function __katabira
                set -l words (commandline --cut-at-cursor --tokenize) (commandline --cut-at-cursor --current-token)
                set -l line (string join ' ' -- $words[2..])
                $words[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete --command katabira --no-files --arguments '(__katabira)'
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong([.. s_scripts.Keys]);
        var verb = new Command("completion", "prints the script for tab completion in bash, zsh or fish") { shell };
        verb.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(s_scripts[parsed.GetRequiredValue(shell)]));
        return verb;
    }
}
