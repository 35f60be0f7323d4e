using System.Runtime.InteropServices;

namespace Katabira.PodTests;

/// <summary>Which katabira-pod the tests start: what users run, the NativeAOT build, where there is one that is not older than its sources.</summary>
internal static class PodProgram
{
    /// <summary>What the program is made of, from the repository's root.</summary>
    private static readonly string[] s_sources = ["src/katabira-pod", "src/Katabira.Net"];

    /// <summary>The one that KATABIRA_POD names, the published one if it is fresh, else the one that was built beside the tests.</summary>
    public static string Path { get; } = Environment.GetEnvironmentVariable("KATABIRA_POD") ?? Choose(Root());

    private static string Choose(string root)
    {
        var published = $"{root}/artifacts/publish/katabira-pod/release_linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}/katabira-pod";
        return IsFresh(root, published) ? published : $"{root}/artifacts/bin/katabira-pod/release/katabira-pod";
    }

    private static bool IsFresh(string root, string published) =>
        File.Exists(published)
        && s_sources.SelectMany(folder => Directory.EnumerateFiles($"{root}/{folder}", "*", SearchOption.AllDirectories))
            .All(source => File.GetLastWriteTimeUtc(source) < File.GetLastWriteTimeUtc(published));

    private static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (File.Exists($"{folder}/Katabira.slnx"))
            {
                return folder;
            }
        }
        throw new InvalidOperationException("the tests are not inside the repository");
    }
}
