namespace Katabira.Tests.Support;

/// <summary>The checkout the tests run in.</summary>
internal static class Repository
{
    /// <summary>Its root: the nearest folder above the test binary with the solution in it.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string PathTo(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathTo(relative));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Katabira.slnx"))
            ? folder
            : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests must run inside a checkout"));
}
