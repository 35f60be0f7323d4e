using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class WriteOperationTests
{
    private static readonly StoreKey Key = Samples.Key("a");
    private static readonly Revision Next = new(8);

    public static TheoryData<string, string?, string> Table => new()
    {
        // what is asked for, what is there (at revision 7), what comes of it
        { "create x", null, "Written Added" },
        { "create x", "x", "AlreadyExists" },
        { "update x", null, "NotFound" },
        { "update x", "y", "Written Modified" },
        { "update x", "x", "Unchanged" },
        { "update x at 7", "y", "Written Modified" },
        { "update x at 7", "x", "Unchanged" },
        { "update x at 6", "y", "Conflict" },
        { "update x at 6", "x", "Conflict" },
        { "update x at 7", null, "NotFound" },
        { "delete", null, "NotFound" },
        { "delete", "y", "Written Deleted" },
        { "delete at 7", "y", "Written Deleted" },
        { "delete at 6", "y", "Conflict" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Decide_RequestAndState_GiveTheResult(string asked, string? there, string expected)
    {
        var current = there is null ? null : Samples.Payload(there).Seal(Key, new Revision(7));

        var (result, change) = Parse(asked).Decide(current, Next);

        Assert.Equal(expected, $"{result.GetType().Name} {change?.Type}".TrimEnd());
        Assert.Equal(change?.Object, result is StoreResult.Written written ? written.Object : null);
        if (change is not null)
        {
            Assert.Same(current, change.Previous);
            Assert.Equal(Next, change.Object.Revision);
            Assert.Equal(change.Type == ChangeType.Deleted ? there : "x", Samples.TextOf(change.Object));
        }
    }

    private static WriteOperation Parse(string asked)
    {
        var words = asked.Split(' ');
        Revision? expected = words.Contains("at") ? new Revision(words[^1] == "7" ? 7 : 6) : null;
        return words[0] switch
        {
            "create" => new WriteOperation.Create(Key, Samples.Payload(words[1])),
            "update" => new WriteOperation.Update(Key, expected, Samples.Payload(words[1])),
            _ => new WriteOperation.Delete(Key, expected),
        };
    }
}
