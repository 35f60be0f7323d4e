namespace Katabira.Cluster.Discovery;

/// <summary>
/// What <c>/version</c> says. The kubectl of the Google SDK starts the bundled kubectl of the same minor, so the minor decides which
/// client the user really runs; it must also be the release that the field table was made from.
/// </summary>
/// <param name="GitVersion">Semantic version with a leading v; build metadata is allowed: <c>v1.33.13+katabira</c>.</param>
/// <param name="BuildDate">RFC 3339.</param>
internal sealed record ServerVersion(string GitVersion, string GitCommit, string BuildDate, string Platform)
{
    public const string Major = "1";

    public const string Minor = "33";

    /// <summary>The upstream release whose API is served.</summary>
    public const string Release = "v1.33.13";

    /// <summary><c>/version</c>.</summary>
    public ApiDocument Document() => ApiDocument.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("major"u8, Major);
        json.WriteString("minor"u8, Minor);
        json.WriteString("gitVersion"u8, GitVersion);
        json.WriteString("gitCommit"u8, GitCommit);
        json.WriteString("gitTreeState"u8, "clean"u8);
        json.WriteString("buildDate"u8, BuildDate);
        // clients print the compiler's version and nothing else is done with it
        json.WriteString("goVersion"u8, "go1.24"u8);
        json.WriteString("compiler"u8, "gc"u8);
        json.WriteString("platform"u8, Platform);
        json.WriteEndObject();
    });
}
