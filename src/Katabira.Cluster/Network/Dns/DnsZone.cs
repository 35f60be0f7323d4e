using System.Collections.Immutable;
using System.Globalization;
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

    private static readonly string[] s_apex = ["cluster", "local"];
    private static readonly string[] s_serviceNames = ["svc", .. s_apex];
    private static readonly string[] s_podNames = ["pod", .. s_apex];
    private static readonly string[] s_reverseNames = ["in-addr", "arpa"];
    private static readonly DnsName s_server = new(["ns", "dns", .. s_apex]);
    private static readonly string[][] s_apexes = [s_apex, ["244", "10", "in-addr", "arpa"], ["96", "10", "in-addr", "arpa"]];
    private static readonly Dictionary<DnsName, DnsData[]> s_fixed = Fixed();

    private readonly Dictionary<(string Namespace, string Name), DnsPart> _services = [];
    private readonly Dictionary<IPAddress, List<DnsName>> _pointers = [];
    private readonly HashSet<string> _namespaces;

    /// <param name="parts">What each Service adds.</param>
    /// <param name="namespaces">Those that exist.</param>
    internal DnsZone(IEnumerable<(string Namespace, string Name, DnsPart Part)> parts, IEnumerable<string> namespaces)
    {
        _namespaces = new(namespaces, StringComparer.Ordinal);
        foreach (var (ns, name, part) in parts)
        {
            _namespaces.Add(ns);
            _services[(ns, name)] = part;
            foreach (var (address, host) in part.Pointers)
            {
                if (!_pointers.TryGetValue(address, out var names))
                {
                    _pointers[address] = names = [];
                }
                names.Add(host);
            }
        }
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

    /// <summary>What every zone has.</summary>
    private static Dictionary<DnsName, DnsData[]> Fixed() => new(s_apexes.Select(apex =>
        KeyValuePair.Create<DnsName, DnsData[]>(new([.. apex]), [new NameData(DnsType.Ns, s_server), Soa(apex)])))
    {
        [s_server] = [new AddressData(NodeAddresses.Dns)],
        [new(s_server.Labels[1..])] = [],
        [new(["dns-version", .. s_apex])] = [new TextData("1.1.0")],
        [new([.. s_podNames])] = [],
        [new([.. s_serviceNames])] = [],
    };

    /// <summary>What a name has; null if there is no such name.</summary>
    private IReadOnlyCollection<DnsData>? Find(DnsName name)
    {
        if (s_fixed.TryGetValue(name, out var always))
        {
            return always;
        }
        if (name.Below(s_serviceNames) is { } service)
        {
            return service is [.., var label, var ns] ? _services.GetValueOrDefault((ns, label))?.Records.GetValueOrDefault(name) : _namespaces.Contains(service[0]) ? [] : null;
        }
        return name.Below(s_podNames) is { } pod ? FindPod(pod) : name.Below(s_reverseNames) is { } address ? FindAddress(address) : null;
    }

    /// <summary>The names of an address, whose labels are its bytes from the last to the first. All beginnings of ours exist.</summary>
    private IReadOnlyCollection<DnsData>? FindAddress(ImmutableArray<string> labels)
    {
        var bytes = new byte[4];
        for (var i = 0; i < labels.Length; i++)
        {
            var label = labels[^(i + 1)];
            if (i == bytes.Length || !byte.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i]) || (label.Length > 1 && label[0] == '0'))
            {
                return null;
            }
        }
        return labels.Length < bytes.Length ? [] : _pointers.TryGetValue(new(bytes), out var names) ? [.. names.Distinct().Select(n => new NameData(DnsType.Ptr, n))] : null;
    }

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
