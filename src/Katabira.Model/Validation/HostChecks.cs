namespace Katabira.Model.Validation;

/// <summary>Judges the ways in which host names are written into policies.</summary>
internal static class HostChecks
{
    /// <summary>True if the host begins with a star that does not stand for whole labels: <c>*example.com</c>.</summary>
    public static bool IsPartialWildcard(string host) =>
        host.Length > 1 && host.Contains('*') && !host.StartsWith("*.", StringComparison.Ordinal);

    /// <summary>A host name, <c>*</c>, or a name whose first label begins with a star (which matches every name that ends like the rest).</summary>
    public static bool IsHostPattern(ReadOnlySpan<char> host) => Syntax.IsWildcardHost(host) || (host is ['*', ..] && Syntax.IsHostName(host[1..]));

    /// <summary>Demands what <see cref="IsHostPattern"/> describes.</summary>
    public static void CheckHostPattern(this Findings findings, string path, string host)
    {
        if (!IsHostPattern(host))
        {
            findings.Invalid(path, host, "must be a host name or a wildcard such as *.example.com");
        }
    }

    /// <summary>A full host name without wildcards.</summary>
    public static void CheckHostName(this Findings findings, string path, string host)
    {
        if (!Syntax.IsHostName(host))
        {
            findings.Invalid(path, host, "must be a host name without wildcards");
        }
    }

    /// <summary>A gateway's host, <c>[namespace/]dnsName</c>: the namespace is <c>*</c>, <c>.</c> or a name, the rest may be an address.</summary>
    public static void CheckGatewayHost(this Findings findings, string path, string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && text.AsSpan(0, slash) is not ("*" or ".") && !Syntax.IsDnsLabel(text.AsSpan(0, slash)))
        {
            findings.Invalid(path, text, "namespace must be *, . or a DNS label");
        }
        var host = text[(slash + 1)..];
        if (!Syntax.IsAddress(host))
        {
            findings.CheckFullName(path, text, host);
        }
    }

    /// <summary>A sidecar's import, <c>namespace/dnsName</c>: the namespace is <c>*</c>, <c>.</c>, <c>~</c> or a name; <c>~</c> before it excludes.</summary>
    public static void CheckSidecarHost(this Findings findings, string path, string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            findings.Invalid(path, text, "must be of the form namespace/dnsName");
            return;
        }
        var excludes = text[0] == '~';
        var place = text.AsSpan(0, slash)[(excludes ? 1 : 0)..];
        if (place is not ("*" or ".") && !(excludes && place.IsEmpty) && !Syntax.IsDnsLabel(place))
        {
            findings.Invalid(path, text, "namespace must be *, ., ~ or a DNS label, which ~ may precede");
        }
        findings.CheckFullName(path, text, text[(slash + 1)..]);
    }

    private static void CheckFullName(this Findings findings, string path, string text, string host)
    {
        if (host == "*")
        {
            return;
        }
        if (!host.Contains('.', StringComparison.Ordinal))
        {
            findings.Invalid(path, text, "short names (non FQDN) are not allowed");
        }
        else if (IsPartialWildcard(host) || !Syntax.IsWildcardHost(host))
        {
            findings.Invalid(path, text, "must name a host, * or a wildcard such as *.example.com");
        }
    }
}
