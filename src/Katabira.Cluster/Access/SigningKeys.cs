using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Katabira.Cluster.Access;

/// <summary>
/// The keys that sign service-account tokens: the first signs, the others only verify, so that tokens outlive a rotation. One file holds
/// them all, so a rotation is one rename. Thread-safe: readers see one set or the next.
/// </summary>
internal sealed class SigningKeys
{
    private const string File = "service-accounts.pem";
    private const string Label = "PRIVATE KEY";

    /// <summary>The signing key and two before it. A rotation drops the oldest, and with it the tokens it signed.</summary>
    private const int Kept = 3;

    private readonly PrivateFolder _folder;
    private readonly Lock _rotation = new();
    private volatile Set _keys;

    private SigningKeys(PrivateFolder folder, ImmutableArray<SigningKey> keys) => (_folder, _keys) = (folder, new(keys));

    /// <summary>All keys; the first signs.</summary>
    public ImmutableArray<SigningKey> All => _keys.Keys;

    public SigningKey Current => _keys.Keys[0];

    /// <summary>Reads the keys from the folder, or makes the first.</summary>
    /// <exception cref="InvalidDataException">The file holds something else; its content is not quoted.</exception>
    public static SigningKeys Open(PrivateFolder folder)
    {
        if (folder.Read(File) is { } text)
        {
            return new(folder, Parse(text, folder.PathOf(File)));
        }
        var keys = new SigningKeys(folder, [SigningKey.Create()]);
        keys.Save(keys.All);
        return keys;
    }

    /// <summary>Signs with a new key from now on. It is on the disk before the first token.</summary>
    public void Rotate()
    {
        lock (_rotation)
        {
            ImmutableArray<SigningKey> next = [SigningKey.Create(), .. All.Take(Kept - 1)];
            Save(next);
            _keys = new(next);
        }
    }

    /// <summary>The key of that id; null if there is none. The id only chooses among our own keys.</summary>
    public SigningKey? Find(string id) => All.FirstOrDefault(k => k.Id == id);

    private void Save(ImmutableArray<SigningKey> keys) => _folder.Write(File, string.Join('\n', keys.Select(k => k.ToPem())) + "\n");

    private static ImmutableArray<SigningKey> Parse(string text, string path)
    {
        var keys = ImmutableArray.CreateBuilder<SigningKey>();
        try
        {
            ReadOnlySpan<char> rest = text;
            while (keys.Count < Kept && PemEncoding.TryFind(rest, out var found))
            {
                if (!rest[found.Label].SequenceEqual(Label))
                {
                    throw Damaged(path);
                }
                keys.Add(SigningKey.FromPem(rest[found.Location]));
                rest = rest[found.Location.End..];
            }
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            throw Damaged(path);
        }
        return keys.Count == 0 ? throw Damaged(path) : keys.ToImmutable();
    }

    private static InvalidDataException Damaged(string path) =>
        new($"{path} holds no P-256 private key: restore it, or delete it and every service-account token becomes void");

    private sealed record Set(ImmutableArray<SigningKey> Keys);
}

/// <summary>One P-256 key. Its id is a digest of the public key, so the same key has the same id after a restart.</summary>
internal sealed class SigningKey
{
    private readonly ECParameters _parameters;

    private SigningKey(ECDsa key)
    {
        _parameters = key.ExportParameters(includePrivateParameters: true);
        Id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    public string Id { get; }

    /// <summary>The public point.</summary>
    public ECPoint Point => _parameters.Q;

    public static SigningKey Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(key);
    }

    /// <exception cref="CryptographicException">Not a key on P-256.</exception>
    public static SigningKey FromPem(ReadOnlySpan<char> pem)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key.KeySize == 256 && key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
            ? new(key)
            : throw new CryptographicException("not a P-256 key");
    }

    public string ToPem()
    {
        using var key = Open();
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>A signature of 64 bytes, r and s (RFC 7518 3.4).</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        using var key = Open();
        return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var key = Open();
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    public override string ToString() => Id;

    /// <summary>An object for each use: the platform's is not promised to be thread-safe.</summary>
    private ECDsa Open() => ECDsa.Create(_parameters);
}
