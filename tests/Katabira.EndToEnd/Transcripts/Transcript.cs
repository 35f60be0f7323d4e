using System.Text.RegularExpressions;
using Katabira.Tests.Support;

namespace Katabira.EndToEnd.Transcripts;

/// <summary>
/// A session at the shell, script and golden file in one: what is typed and what a real cluster answers, written from what is known
/// about Kubernetes and not from what our server said. The files lie in <c>Golden/</c>; <c>Golden/README.md</c> tells how they are written.
/// </summary>
/// <param name="OwnCluster">It changes what others see, so it gets a cluster for itself.</param>
/// <param name="NeedsPods">It runs programs, so it gets the cluster that has pods.</param>
internal sealed partial record Transcript(IReadOnlyList<Step> Steps, bool OwnCluster, bool NeedsPods)
{
    private const string Folder = "tests/Katabira.EndToEnd/Golden";
    private const string Suffix = ".txt";

    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Repository.PathTo(Folder), "*" + Suffix).Select(p => Path.GetFileName(p)[..^Suffix.Length]).Order(StringComparer.Ordinal);

    /// <summary>The transcript as it is for one version of kubectl.</summary>
    public static Transcript Read(string name, string version) => Parse(Repository.Read($"{Folder}/{name}{Suffix}"), version);

    internal static Transcript Parse(string text, string version)
    {
        var steps = new List<Draft>();
        var (ownCluster, needsPods) = (false, false);
        // A command that is not for this version takes what follows it along.
        var listening = false;
        var number = 0;
        foreach (var raw in text.TrimEnd('\n').Split('\n'))
        {
            number++;
            var condition = Condition().Match(raw);
            var line = raw[condition.Length..];
            var applies = !condition.Success || condition.Groups["version"].Captures.Any(c => c.Value == version);
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                ownCluster |= line == "# needs a cluster of its own";
                needsPods |= line == "# needs pods";
            }
            else if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                listening = applies;
                if (applies)
                {
                    steps.Add(new Draft(number, line[2..]));
                }
            }
            else if (applies && listening)
            {
                steps[^1].Add(line);
            }
        }
        return new Transcript([.. steps.Select(d => d.Finish())], ownCluster, needsPods);
    }

    [GeneratedRegex(@"^\[((?<version>\d+\.\d+) ?)+\]")]
    private static partial Regex Condition();

    private sealed class Draft(int line, string command)
    {
        private readonly List<string> _command = [command];
        private readonly List<string> _stdout = [];
        private readonly List<string> _stderr = [];
        private int _exitCode;

        public void Add(string line)
        {
            switch (line)
            {
                case ['>', ' ', .. var more]:
                    _command.Add(more);
                    break;
                case ">":
                    _command.Add("");
                    break;
                case ['!', ' ', .. var complaint]:
                    _stderr.Add(complaint);
                    break;
                case "!":
                    _stderr.Add("");
                    break;
                case ['?', ' ', .. var status]:
                    _exitCode = int.Parse(status, System.Globalization.CultureInfo.InvariantCulture);
                    break;
                case ['\\', .. var output]:
                    _stdout.Add(output);
                    break;
                default:
                    _stdout.Add(line);
                    break;
            }
        }

        public Step Finish() => new(line, string.Join('\n', _command), string.Join('\n', _stdout), string.Join('\n', _stderr), _exitCode);
    }
}
