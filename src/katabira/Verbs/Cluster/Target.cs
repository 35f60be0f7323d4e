using System.CommandLine;
using Katabira.Cli.Clusters;

namespace Katabira.Cli.Verbs.Cluster;

/// <summary>Which cluster is meant: the arguments that every verb of <c>cluster</c> takes.</summary>
internal sealed class Target
{
    private readonly Surroundings _surroundings;
    private readonly Argument<string> _name;
    private readonly Option<string?> _project = new("--project") { Description = "the project, a label (when it exists: the one it has)", HelpName = "PROJECT" };
    private readonly Option<string?> _zone = new("--zone") { Description = "the zone, a label (when it exists: the one it has)", HelpName = "ZONE" };

    private Target(Surroundings surroundings)
    {
        _surroundings = surroundings;
        _name = new("NAME")
        {
            Description = "name of the cluster",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => ClusterHome.ClusterName,
        };
        // The one there is, or may be.
        _name.CompletionSources.Add(ClusterHome.ClusterName);
        _project.CompletionSources.Add(_ => Known(record => record.Project));
        _zone.CompletionSources.Add(_ => Known(record => record.Zone));
    }

    /// <summary>Gives a verb the arguments.</summary>
    public static Target Of(Command verb, Surroundings surroundings)
    {
        var target = new Target(surroundings);
        verb.Add(target._name);
        verb.Add(target._project);
        verb.Add(target._zone);
        return target;
    }

    public string? Project(ParseResult parsed) => Label(parsed, _project);

    public string? Zone(ParseResult parsed) => Label(parsed, _zone);

    /// <summary>The home of the cluster that was named.</summary>
    /// <exception cref="Refusal">No cluster is called so, or it has another project or zone.</exception>
    public ClusterHome Home(ParseResult parsed)
    {
        if (Environment.IsPrivilegedProcess && _surroundings.Setting("SUDO_UID") is { } uid and not "0")
        {
            throw new Refusal($"the files would belong to root, and not to user {uid}, who asked", "leave out sudo: where root is needed, it is asked for; or use ./katabira, which leaves root behind");
        }
        var home = ClusterHome.Of(_surroundings);
        var record = ClusterRecord.Read(home);
        var name = parsed.GetValue(_name);
        if (name != ClusterHome.ClusterName)
        {
            throw new Refusal(
                $"there is no cluster '{name}' in {home.Path}; {(record is null ? "there is none yet" : $"there is: {record.Name}")}",
                $"a home holds one cluster, called {ClusterHome.ClusterName}; for another one set KATABIRA_HOME to another folder");
        }
        Compare("project", record, record?.Project, Project(parsed));
        Compare("zone", record, record?.Zone, Zone(parsed));
        return home;
    }

    private static void Compare(string label, ClusterRecord? record, string? has, string? asked)
    {
        if (record is not null && asked is not null && asked != has)
        {
            throw new Refusal($"the cluster {record.Name} has {(has is null ? $"no {label}" : $"the {label} '{has}'")}, not '{asked}'",
                $"leave out --{label}, or delete the cluster and create it with another one");
        }
    }

    private static string? Label(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) switch
        {
            null => null,
            { Length: > 0 and <= 63 } label when label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':') => label,
            var other => throw new Refusal($"'{other}' is no {option.Name.TrimStart('-')}", "letters, digits, and - _ . : are, up to 63 of them") { ExitCode = ExitCode.Usage },
        };

    private IEnumerable<string> Known(Func<ClusterRecord, string?> label)
    {
        try
        {
            return ClusterRecord.Read(ClusterHome.Of(_surroundings)) is { } record && label(record) is { } text ? [text] : [];
        }
        catch (Refusal)
        {
            // Whoever presses TAB has asked for words, not for troubles.
            return [];
        }
    }
}
