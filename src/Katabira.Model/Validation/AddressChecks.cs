namespace Katabira.Model.Validation;

/// <summary>Judgements of addresses that several kinds make in the same words. A field that is left out or empty is never wrong here.</summary>
internal static class AddressChecks
{
    private const string UnixScheme = "unix://";

    /// <summary>True if the text names a Unix domain socket, well formed or not.</summary>
    public static bool IsUnixSocket(string? address) => address is not null && address.StartsWith(UnixScheme, StringComparison.Ordinal);

    /// <summary>An address that a listener can be bound to.</summary>
    public static void CheckAddress(this Findings findings, string path, string? address)
    {
        if (!string.IsNullOrEmpty(address) && !Syntax.IsAddress(address))
        {
            findings.Invalid(path, address, "must be an IP address");
        }
    }

    /// <summary>An address or a network.</summary>
    public static void CheckNetwork(this Findings findings, string path, string? network)
    {
        if (!string.IsNullOrEmpty(network))
        {
            findings.RequireNetwork(path, network);
        }
    }

    /// <summary>Addresses and networks. An empty text in the list is neither.</summary>
    public static void CheckNetworks(this Findings findings, string path, IReadOnlyList<string>? networks)
    {
        for (var i = 0; i < networks?.Count; i++)
        {
            findings.RequireNetwork($"{path}[{i}]", networks[i]);
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

    private static void RequireNetwork(this Findings findings, string path, string network)
    {
        if (!Syntax.IsAddressOrNetwork(network))
        {
            findings.Invalid(path, network, "must be an IP address or a network such as 10.0.0.0/8");
        }
    }
}
