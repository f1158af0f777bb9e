using System.Text;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Tests.Unit.Attestation;

public sealed class ProcessStatTests
{
    private const string Rest = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 987654 20 21\n";

    [Theory]
    [InlineData("sleep")]
    [InlineData("")]
    [InlineData("a) R 1 (")]
    [InlineData("x\n1 (y) Z")]
    [InlineData("))))")]
    [InlineData("((((")]
    public void Name_of_any_shape_leaves_the_fields_where_they_are(string name)
    {
        Assert.True(ProcessStat.TryParse(Encoding.UTF8.GetBytes($"4321 ({name}){Rest}"), out ProcessStat stat));
        Assert.Equal(new ProcessStat(4321, (byte)'S', 987654), stat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4321")]
    [InlineData("4321 (sleep)")]
    [InlineData("4321 (sleep) S 1 2 3\n")]
    [InlineData("0 (sleep) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20\n")]
    [InlineData("-1 (sleep) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20\n")]
    [InlineData("1 (sleep) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 -19 20\n")]
    [InlineData("1 (sleep) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 99999999999999999999999 20\n")]
    public void Line_that_lacks_something_is_refused(string line) => Assert.False(ProcessStat.TryParse(Encoding.UTF8.GetBytes(line), out _));

    [Theory]
    [InlineData('Z', true)]
    [InlineData('X', true)]
    [InlineData('S', false)]
    [InlineData('T', false)]
    public void Zombie_counts_as_exited(char state, bool exited)
    {
        Assert.True(ProcessStat.TryParse(Encoding.UTF8.GetBytes($"1 (x) {state}{Rest[2..]}"), out ProcessStat stat));
        Assert.Equal(exited, stat.HasExited);
    }
}
