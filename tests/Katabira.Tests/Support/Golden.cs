using Xunit;

namespace Katabira.Tests.Support;

/// <summary>Compares output with a file of the repository; <c>KATABIRA_UPDATE_GOLDEN=1</c> rewrites the file instead, to be reviewed as a diff.</summary>
internal static class Golden
{
    public static void Equal(string relativePath, string actual)
    {
        var path = Repository.PathTo(relativePath);
        if (Environment.GetEnvironmentVariable("KATABIRA_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }
        Assert.True(File.Exists(path), $"{relativePath} is missing: run the tests once with KATABIRA_UPDATE_GOLDEN=1 and review the file");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
