using System.Net;
using Katabira.Model.Schema;

namespace Katabira.Model.Validation;

/// <summary>Judgements of single fields that several kinds make in the same words. A field that is left out is never wrong here.</summary>
internal static class FieldChecks
{
    private const string UnixScheme = "unix://";

    /// <summary>True if the text names a Unix domain socket, well formed or not.</summary>
    public static bool IsUnixSocket(string? address) => address is not null && address.StartsWith(UnixScheme, StringComparison.Ordinal);

    /// <summary>A port number, 1 to 65535.</summary>
    public static void CheckPort(this Findings findings, string path, uint? number)
    {
        if (number is { } port && !Syntax.IsPort(port))
        {
            findings.Invalid(path, port, PortNumberAttribute.Complaint);
        }
    }

    /// <summary>A port's name, which must be a DNS label.</summary>
    public static void CheckPortName(this Findings findings, string path, string? name)
    {
        if (name is not null && !Syntax.IsDnsLabel(name))
        {
            findings.Invalid(path, name, "port name must be valid: 1 to 63 letters, digits and inner hyphens");
        }
    }

    /// <summary>A protocol's name; empty means that it is found out from the bytes.</summary>
    public static void CheckProtocol(this Findings findings, string path, string? name)
    {
        if (name is { Length: > 0 } && AppProtocols.Parse(name) == AppProtocol.Unknown)
        {
            findings.NotSupported(path, name, AppProtocols.Names);
        }
    }

    /// <summary>A length of time of whole milliseconds, at least one.</summary>
    public static void CheckDuration(this Findings findings, string path, string? text)
    {
        if (text is null)
        {
            return;
        }
        if (!Syntax.TryParseDuration(text, out var duration) || duration < TimeSpan.FromMilliseconds(1))
        {
            findings.Invalid(path, text, DurationAttribute.Complaint);
        }
        else if (duration.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            findings.Invalid(path, text, "only durations to ms precision are supported");
        }
    }

    /// <summary>As <see cref="CheckDuration"/>, but zero switches the thing off.</summary>
    public static void CheckDurationOrZero(this Findings findings, string path, string? text)
    {
        if (text is null || !Syntax.TryParseDuration(text, out var duration) || duration != TimeSpan.Zero)
        {
            findings.CheckDuration(path, text);
        }
    }

    /// <summary>A count.</summary>
    public static void CheckNotNegative(this Findings findings, string path, int? number)
    {
        if (number is < 0)
        {
            findings.Invalid(path, number.Value, "must not be negative");
        }
    }

    /// <summary>A share of a hundred.</summary>
    public static void CheckPercent(this Findings findings, string path, int? number)
    {
        if (number is < 0 or > 100)
        {
            findings.Invalid(path, number.Value, "must be between 0-100");
        }
    }

    /// <summary>An IP address that means to everybody what it shows: without brackets, scope, or numbers that look decimal and are octal.</summary>
    public static bool IsAddress(ReadOnlySpan<char> text) =>
        Syntax.IsAddress(text)
        && !text.ContainsAny('[', '%')
        && (text.Contains(':') || text.SequenceEqual(IPAddress.Parse(text).ToString()));

    /// <summary>Such an address, or a network that begins with one.</summary>
    public static bool IsAddressOrNetwork(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        return Syntax.IsAddressOrNetwork(text) && IsAddress(slash < 0 ? text : text[..slash]);
    }

    /// <summary>An address that a listener can be bound to.</summary>
    public static void CheckAddress(this Findings findings, string path, string address)
    {
        if (!IsAddress(address))
        {
            findings.Invalid(path, address, "must be an IP address");
        }
    }

    /// <summary>A Unix domain socket: <c>unix:///path</c>, or <c>unix://@name</c> in Linux' abstract namespace.</summary>
    public static void CheckUnixSocket(this Findings findings, string path, string address)
    {
        var socket = address.AsSpan(UnixScheme.Length);
        if (socket is not ['/' or '@', ..])
        {
            findings.Invalid(path, address, "UDS must be an absolute path or abstract socket");
        }
        if (socket is [.., '/'])
        {
            findings.Invalid(path, address, "UDS may not be a dir");
        }
    }
}
