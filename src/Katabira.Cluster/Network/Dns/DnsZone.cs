using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Katabira.Cluster.Network.Dns;

/// <summary>An answer of the zone.</summary>
/// <param name="Outside">The name at which an alias leaves the zone; its addresses belong to the answer. Null if it does not.</param>
internal sealed record ZoneAnswer(DnsAnswer Answer, DnsName? Outside);

/// <summary>
/// What is known of <c>cluster.local</c> and of the reverse names of Services and pods at one moment; <see cref="DnsZoneBuilder"/> makes it. Nothing
/// changes it, so any thread may ask. A name that is not there does not exist (NXDOMAIN); one that is there, or has names below, but no such record, is
/// answered with nothing (NODATA).
/// </summary>
internal sealed class DnsZone
{
    /// <summary>Seconds; changes are seen quickly, and asking costs little.</summary>
    public const uint Ttl = 5;

    private const int MostAliases = 8;

    internal static readonly string[] Apex = ["cluster", "local"];
    private static readonly string[] s_pods = ["pod", .. Apex];
    private static readonly DnsName s_server = new(["ns", "dns", .. Apex]);
    private static readonly string[][] s_apexes = [Apex, ["244", "10", "in-addr", "arpa"], ["96", "10", "in-addr", "arpa"]];

    private readonly Dictionary<DnsName, HashSet<DnsData>> _records;
    private readonly HashSet<string> _namespaces;

    /// <param name="records">Names to what they have; names that only have others below have nothing.</param>
    internal DnsZone(Dictionary<DnsName, HashSet<DnsData>> records, HashSet<string> namespaces)
    {
        (_records, _namespaces) = (records, namespaces);
        foreach (var apex in s_apexes)
        {
            DnsZoneBuilder.Add(records, new([.. apex]), new NameData(DnsType.Ns, s_server), Soa(apex));
        }
        DnsZoneBuilder.Add(records, s_server, new AddressData(NodeAddresses.Dns));
        DnsZoneBuilder.Add(records, new(["dns-version", .. Apex]), new TextData("1.1.0"));
        DnsZoneBuilder.Touch(records, new([.. s_pods]));
        DnsZoneBuilder.Touch(records, new(["svc", .. Apex]));
    }

    /// <summary>A zone without Services.</summary>
    public static DnsZone Empty { get; } = DnsZoneBuilder.Build([], [], []);

    /// <summary>Answers for a name; null if it is none of ours.</summary>
    public ZoneAnswer? Resolve(DnsName name, DnsType type)
    {
        if (ApexOf(name) is not { } apex)
        {
            return null;
        }
        var answers = new List<DnsRecord>();
        var (current, code) = (name, DnsCode.NoError);
        DnsName? outside = null;
        for (var aliases = 0; aliases < MostAliases; aliases++)
        {
            if (Find(current) is not { } found)
            {
                code = DnsCode.NoSuchName;
                break;
            }
            var alias = found.OfType<NameData>().FirstOrDefault(d => d.Type == DnsType.Cname);
            answers.AddRange(found.Where(d => d.Type == type || d == alias).Select(d => new DnsRecord(current, Ttl, d)));
            if (alias is null || type == DnsType.Cname)
            {
                break;
            }
            current = alias.Name;
            if (ApexOf(current) is null)
            {
                outside = current;
                break;
            }
        }
        var isMissing = answers.Count == 0 || code != DnsCode.NoError;
        DnsRecord[] authority = isMissing ? [new(new([.. apex]), Ttl, Soa(apex))] : [];
        return new(new(code, true, answers, authority, Additional(answers)), outside);
    }

    private static string[]? ApexOf(DnsName name) => s_apexes.FirstOrDefault(apex => name.Below(apex) is not null);

    private static SoaData Soa(string[] apex) => new(s_server, new(["hostmaster", .. apex]), 1, Ttl);

    /// <summary>What a name has; null if there is no such name.</summary>
    private IReadOnlyCollection<DnsData>? Find(DnsName name) =>
        _records.TryGetValue(name, out var found) ? found : name.Below(s_pods) is { } labels ? FindPod(labels) : null;

    /// <summary>A pod's name is its address (<c>10-244-0-7.NAMESPACE.pod.cluster.local</c>), so it says nothing that the asker did not know.</summary>
    private IReadOnlyCollection<DnsData>? FindPod(ImmutableArray<string> labels) => labels switch
    {
        [var ns] when _namespaces.Contains(ns) => [],
        [var dashed, var ns] when _namespaces.Contains(ns) && dashed.Count(c => c == '-') == 3
            && IPAddress.TryParse(dashed.Replace('-', '.'), out var address) && address.AddressFamily == AddressFamily.InterNetwork
            && NodeAddresses.Pods.Contains(address) => [new AddressData(address)],
        _ => null,
    };

    /// <summary>The addresses of the hosts that the answer names, so that nobody has to ask again.</summary>
    private List<DnsRecord> Additional(List<DnsRecord> answers) =>
    [
        .. from target in answers.Select(a => a.Data).OfType<SrvData>().Select(s => s.Target).Distinct()
           from address in (Find(target) ?? []).OfType<AddressData>()
           select new DnsRecord(target, Ttl, address),
    ];
}
