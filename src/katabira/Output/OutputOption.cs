using System.CommandLine;
using System.CommandLine.Parsing;

namespace Katabira.Cli.Output;

/// <summary>The option <c>-o</c>, the same in every verb that has a result.</summary>
internal static class OutputOption
{
    private static readonly string[] s_names = [.. Enum.GetNames<OutputFormat>().Select(n => n.ToLowerInvariant())];

    public static Option<OutputFormat> Create()
    {
        var option = new Option<OutputFormat>("--output", "-o")
        {
            Description = "how the result is written: table (unless said otherwise), json, yaml",
            HelpName = "FORMAT",
            CustomParser = Parse,
        };
        // The library's own source offers the C# names.
        option.CompletionSources.Clear();
        option.CompletionSources.Add(s_names);
        return option;
    }

    private static OutputFormat Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var index = Array.IndexOf(s_names, text);
        if (index < 0)
        {
            result.AddError($"-o takes {string.Join(", ", s_names)}, not '{text}'");
        }
        return (OutputFormat)Math.Max(index, 0);
    }
}
