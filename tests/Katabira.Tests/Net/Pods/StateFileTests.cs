using Katabira.Net.Pods;
using Xunit;

namespace Katabira.Tests.Net.Pods;

public class StateFileTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static readonly ContainerState[] s_states =
    [
        new("app", 0, ContainerPhase.Running, 17, s_start, null, 0, 0, ""),
        new("sidecar", 4, ContainerPhase.Exited, 0, s_start, s_start.AddTicks(1), 137, 9, ""),
        new("init", 0, ContainerPhase.Failed, 0, s_start, s_start, 128, 0, "exec: \"x\": executable file not found in $PATH"),
        new("new", 0, ContainerPhase.Starting, 18, s_start, null, 0, 0, ""),
    ];

    [Fact]
    public void Parse_WhatWasFormatted_IsTheSame() => Assert.Equal(s_states, StateFile.Parse(StateFile.Format(s_states)));

    [Fact]
    public void Parse_NoContainers_IsAnEmptyList() => Assert.Equal([], StateFile.Parse(StateFile.Format([])));

    [Fact]
    public void Format_MessageOfManyLines_StaysOneLine()
    {
        var state = s_states[2] with { Message = "a\tb\nc" };

        Assert.Equal("a b c", StateFile.Parse(StateFile.Format([state]))?.Single().Message);
    }

    /// <summary>A file that was cut, or is another's, is not half believed.</summary>
    [Fact]
    public void Parse_CutAnywhere_IsNullOrWholeLines()
    {
        var text = StateFile.Format(s_states);
        for (var length = 0; length < text.Length; length++)
        {
            var states = StateFile.Parse(text[..length]);
            Assert.True(states is null || s_states.Take(states.Count).SequenceEqual(states), $"cut at {length}");
        }
    }

    [Theory]
    [InlineData("katabira-pod 2\n")]
    [InlineData("katabira-pod 1\na\t0\trunning\t1\t1\t0\t0\t0\n")]
    [InlineData("katabira-pod 1\na\t0\tdancing\t1\t1\t0\t0\t0\t\n")]
    [InlineData("katabira-pod 1\na\tx\trunning\t1\t1\t0\t0\t0\t\n")]
    [InlineData("katabira-pod 1\na\t0\trunning\t1\t-1\t0\t0\t0\t\n")]
    [InlineData("katabira-pod 1\na\t0\trunning\t1\t9223372036854775807\t0\t0\t0\t\n")]
    public void Parse_SomethingElse_IsNull(string text) => Assert.Null(StateFile.Parse(text));

    [Fact]
    public void State_InAFrame_ReadsBack()
    {
        var writer = new PayloadWriter();
        foreach (var state in s_states)
        {
            state.Write(writer);
        }
        var reader = new PayloadReader(writer.Written.Span);

        foreach (var state in s_states)
        {
            Assert.Equal(state, ContainerState.Read(ref reader));
        }
    }
}
