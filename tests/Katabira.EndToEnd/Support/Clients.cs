using Katabira.Tests.Support;

namespace Katabira.EndToEnd.Support;

/// <summary>Where <c>scripts/clients</c> has put the programs under test's other side.</summary>
internal static class Clients
{
    public static string Helm => Find("helm");

    public static string NodeModules => Find("node_modules");

    public static string Kubectl(string version) => Find($"kubectl/{version}");

    private static string Find(string name)
    {
        var path = Repository.PathTo($"artifacts/clients/{name}");
        return Path.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing: run scripts/clients");
    }
}
