using System.Buffers;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What a value must look like, by the attribute it is compared with.</summary>
internal static class AuthorizationValue
{
    private const string AccountForm = "must be ACCOUNT or NAMESPACE/ACCOUNT";

    /// <summary>A namespace and an account of full length, with room.</summary>
    private const int LongestAccount = 320;

    /// <summary>Why the value is refused, or null.</summary>
    public static string? Error(AuthorizationAttribute attribute, string value) =>
        value.Length == 0 ? "empty value not allowed"
        : attribute switch
        {
            AuthorizationAttribute.SourceIp or AuthorizationAttribute.RemoteIp or AuthorizationAttribute.DestinationIp =>
                AddressBlock.TryParse(value, out _) ? null : "must be an IP address or a network in CIDR notation",
            AuthorizationAttribute.DestinationPort => PeerAuthentication.TryParsePort(value, out _) ? null : PortNumberAttribute.Complaint,
            AuthorizationAttribute.SourceServiceAccount => ErrorOfAccount(value),
            AuthorizationAttribute.SourceTrustDomain => ErrorOfTrustDomain(value),
            AuthorizationAttribute.RequestPath => ErrorOfPath(value),
            // a method is a token, and a wildcard is a character of tokens
            AuthorizationAttribute.RequestMethod => Syntax.IsHeaderName(value) ? null : "must be the name of an HTTP method",
            _ => null,
        };

    /// <summary>Why a value that is not refused will probably not do what its author meant, or null.</summary>
    public static string? Doubt(AuthorizationAttribute attribute, string value) => attribute switch
    {
        AuthorizationAttribute.SourcePrincipal when value.StartsWith("spiffe://", StringComparison.Ordinal) =>
            "matches nobody: principals are written without spiffe://",
        AuthorizationAttribute.SourcePrincipal or AuthorizationAttribute.ConnectionSni or AuthorizationAttribute.RequestHost
            or AuthorizationAttribute.RequestMethod when HasInnerStar(value) => "only a * at the beginning or at the end is a wildcard",
        AuthorizationAttribute.RequestMethod when value.AsSpan().ContainsAnyInRange('a', 'z') =>
            "methods are compared in their exact case, and those of HTTP are in capitals",
        _ => null,
    };

    private static string? ErrorOfAccount(string value)
    {
        var parts = value.Split('/');
        return value.Contains('*') ? "wildcard not allowed"
            : parts.Length > 2 || parts.Contains("") ? AccountForm
            : value.Length > LongestAccount ? "may not be more than 320 characters"
            : null;
    }

    private static string? ErrorOfTrustDomain(string value) =>
        value.Contains('/') ? "must be a trust domain, without a path"
        : HasInnerStar(value) ? "only one * at the beginning or at the end is allowed"
        : null;

    /// <summary>A star that the four forms (exact, <c>x*</c>, <c>*x</c>, <c>*</c>) take for itself.</summary>
    private static bool HasInnerStar(string value) =>
        value.Length > 1 && value.AsSpan(value[0] == '*' ? 1 : 0, value.Length - 1).Contains('*');

    /// <summary>Braces stand only for templates, each of which fills a segment; nothing may follow <c>{**}</c> but plain segments.</summary>
    private static string? ErrorOfPath(string value)
    {
        var template = value.Contains("{*}", StringComparison.Ordinal) || value.Contains("{**}", StringComparison.Ordinal);
        var sawRest = false;
        foreach (var range in value.AsSpan().Trim('/').Split('/'))
        {
            var segment = value.AsSpan().Trim('/')[range];
            if (segment is "{*}" or "{**}")
            {
                if (sawRest)
                {
                    return "{**} must be the last template of the path";
                }
                sawRest = segment is "{**}";
            }
            else if (segment.ContainsAny('{', '}'))
            {
                return "braces are only allowed as {*} or {**}, each a whole segment of the path";
            }
            else if (template && (segment.IsEmpty || segment.ContainsAnyExcept(s_segment)))
            {
                return "beside templates, segments must be plain: not empty, and without wildcards";
            }
        }
        return null;
    }

    /// <summary>The characters of a path segment, RFC 3986 section 3.3, less the wildcard.</summary>
    private static readonly SearchValues<char> s_segment =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%!$&'()+,;=:@");
}
