using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Sends the client elsewhere. What is not named stays as it was asked for.</summary>
[AtMostOne("port", "derivePort")]
public sealed record HttpRedirect : Extensible
{
    /// <summary>The new path.</summary>
    public string? Uri { get; init; }

    /// <summary>The new host.</summary>
    public string? Authority { get; init; }

    /// <summary>The new port.</summary>
    public uint? Port { get; init; }

    /// <summary>Where the new port comes from, in place of a number.</summary>
    public RedirectPort? DerivePort { get; init; }

    /// <summary>The new scheme, http or https.</summary>
    public string? Scheme { get; init; }

    /// <summary>The status of the answer, 300 to 399. Left out, 301.</summary>
    public uint? RedirectCode { get; init; }

    /// <summary>What replaces the part of the path that the route's prefix matched.</summary>
    public string? PrefixRewrite { get; init; }

    internal void Check(string path, IReadOnlyList<HttpMatch>? matches, Findings findings)
    {
        var newUri = !string.IsNullOrEmpty(Uri);
        var newPrefix = !string.IsNullOrEmpty(PrefixRewrite);
        var newAuthority = !string.IsNullOrEmpty(Authority);
        findings.AtMostOne(path, ("uri", newUri), ("prefixRewrite", newPrefix));
        if (newPrefix && matches?.Any(m => m.Uri is { Prefix: null }) == true)
        {
            findings.Invalid($"{path}.prefixRewrite", PrefixRewrite!, "needs every uri match of the route to be a prefix");
        }
        if (!newUri && !newPrefix && !newAuthority && Port is null && DerivePort is null && string.IsNullOrEmpty(Scheme))
        {
            findings.Required(path, "one of uri, prefixRewrite, authority, port, derivePort, scheme");
        }
        HeaderText.Check(Uri, $"{path}.uri", findings);
        HeaderText.Check(PrefixRewrite, $"{path}.prefixRewrite", findings);
        HeaderText.Check(Authority, $"{path}.authority", findings);
        CheckCode($"{path}.redirectCode", findings);
        if (!string.IsNullOrEmpty(Scheme) && Scheme is not ("http" or "https"))
        {
            findings.NotSupported($"{path}.scheme", Scheme, ["http", "https"]);
        }
        if (Port is > 0)
        {
            findings.CheckPort($"{path}.port", Port);
        }
    }

    private void CheckCode(string path, Findings findings)
    {
        if (RedirectCode is null or 0)
        {
            return;
        }
        if (RedirectCode is < 300 or > 399)
        {
            findings.Invalid(path, RedirectCode.Value, "not a valid redirect code, must be 3xx");
        }
        else if (RedirectCode is not (301 or 302 or 303 or 307 or 308))
        {
            findings.Warn($"{path}: {RedirectCode} is not a redirect that browsers follow: 301, 302, 303, 307 and 308 are");
        }
    }
}

/// <summary>Where the port of a redirect comes from.</summary>
[JsonConverter(typeof(UpperSnakeEnum<RedirectPort>))]
public enum RedirectPort
{
    /// <summary>80 for http, 443 for https.</summary>
    FromProtocolDefault,

    /// <summary>The port the request came in on.</summary>
    FromRequestPort,
}
