using System.Globalization;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Streams;

/// <summary>How a command in a container ended, as the object that clients read from the last channel. Immutable.</summary>
/// <param name="ExitCode">0 to 255; null if the command did not run.</param>
/// <param name="Error">Why it did not; empty if it did.</param>
internal readonly record struct ExecOutcome(int? ExitCode, string Error)
{
    public static ExecOutcome Exited(int code) => new(code, "");

    public static ExecOutcome Failed(string why) => new(null, why);

    /// <summary>The Status: nothing special for zero, the code for others, the text for what did not run.</summary>
    public JsonObject ToStatus()
    {
        if (ExitCode == 0)
        {
            return new JsonObject { ["metadata"] = new JsonObject(), ["status"] = "Success" };
        }
        if (ExitCode is not { } code)
        {
            return new JsonObject
            {
                ["metadata"] = new JsonObject(),
                ["status"] = "Failure",
                ["message"] = Error,
                ["reason"] = "InternalError",
                ["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = Error }) },
                ["code"] = 500,
            };
        }
        var text = code.ToString(CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = $"command terminated with non-zero exit code: exit status {text}",
            ["reason"] = "NonZeroExitCode",
            ["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = text }) },
        };
    }
}

/// <summary>The size of a client's terminal, in characters.</summary>
internal readonly record struct TerminalSize(ushort Width, ushort Height);
