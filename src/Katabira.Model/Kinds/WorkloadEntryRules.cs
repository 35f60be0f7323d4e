using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What an endpoint's address may be; it depends on how the service finds its endpoints.</summary>
[Flags]
internal enum AddressForms
{
    Ip = 1,
    HostName = 2,
    UnixSocket = 4,
    Any = Ip | HostName | UnixSocket,
}

/// <summary>What a schema cannot say about <see cref="WorkloadEntry"/>, alone or as an endpoint of a <see cref="ServiceEntry"/>.</summary>
internal static class WorkloadEntryRules
{
    /// <summary>One less than a DNS label: the API server's rule for this map counts so.</summary>
    private const int LongestPortName = 62;

    public static void Check(WorkloadEntry entry, string path, Findings findings, AddressForms forms = AddressForms.Any)
    {
        if (string.IsNullOrEmpty(entry.Address))
        {
            CheckAbsence(entry, path, findings);
        }
        else if (AddressChecks.IsUnixSocket(entry.Address))
        {
            CheckSocket(entry, path, findings, forms);
        }
        else if (!IsAllowed(entry.Address, forms))
        {
            findings.Invalid($"{path}.address", entry.Address, $"must be {Words(forms)}");
        }
        foreach (var (name, number) in entry.Ports ?? new Dictionary<string, uint>())
        {
            if (name.Length > LongestPortName || !Syntax.IsDnsLabel(name))
            {
                findings.Invalid($"{path}.ports", name, "port name must be valid: at most 62 letters, digits and inner hyphens");
            }
            findings.CheckPort($"{path}.ports[{name}]", number);
        }
        findings.CheckLabels($"{path}.labels", entry.Labels);
    }

    private static void CheckAbsence(WorkloadEntry entry, string path, Findings findings)
    {
        if (string.IsNullOrEmpty(entry.Network))
        {
            findings.Required($"{path}.address", "Address is required");
        }
        else
        {
            findings.Warn($"{path}.address is unset: traffic reaches it only through its network's gateway");
        }
    }

    private static void CheckSocket(WorkloadEntry entry, string path, Findings findings, AddressForms forms)
    {
        findings.CheckUnixSocket($"{path}.address", entry.Address!);
        if (!forms.HasFlag(AddressForms.UnixSocket))
        {
            findings.Invalid($"{path}.address", entry.Address!, $"must be {Words(forms)}");
        }
        if (entry.Ports is not null)
        {
            findings.Forbidden($"{path}.ports", "UDS may not include ports");
        }
    }

    private static bool IsAllowed(string address, AddressForms forms) =>
        (forms.HasFlag(AddressForms.Ip) && Syntax.IsAddress(address)) || (forms.HasFlag(AddressForms.HostName) && Syntax.IsHostName(address));

    private static string Words(AddressForms forms) => forms switch
    {
        AddressForms.Ip | AddressForms.UnixSocket => "an IP address or unix://PATH",
        AddressForms.Ip | AddressForms.HostName => "an IP address or a host name without wildcards",
        _ => "an IP address, a host name without wildcards, or unix://PATH",
    };
}
