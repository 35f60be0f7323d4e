using CsCheck;
using Katabira.Cluster.Protobuf;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Protobuf;

public class ProtobufPropertyTests
{
    private static readonly byte[] s_deployment =
        Convert.FromHexString(Repository.Read("tests/Katabira.Tests/Cluster/Protobuf/kubectl/deployment.hex").ReplaceLineEndings(""));

    [Fact]
    public void Decode_AnyBytes_GiveAnObjectOrAnError() => Gen.Byte.Array[0, 300].Sample(bytes => IsObjectOrError([.. "k8s\0"u8, .. bytes]));

    [Fact]
    public void Decode_ADamagedBody_GivesAnObjectOrAnError() => Gen.Select(Gen.Int[4, s_deployment.Length - 1], Gen.Byte, Gen.Int[4, s_deployment.Length])
        .Sample((position, value, length) =>
        {
            var damaged = s_deployment.ToArray();
            damaged[position] = value;
            return IsObjectOrError(damaged[..length]);
        });

    private static bool IsObjectOrError(byte[] body)
    {
        var decoded = ProtobufBody.Decode(body, new("apps", "v1", "Deployment"));
        return decoded.Ok == (decoded.Error.Length == 0) && (!decoded.Ok || decoded.Object.ToJsonString().Length > 0);
    }
}
