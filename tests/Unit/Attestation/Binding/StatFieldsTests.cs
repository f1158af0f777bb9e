using System.Text;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Tests.Unit.Attestation.Binding;

/// <summary>Lines of /proc/PID/stat, whose second field is whatever its program likes.</summary>
public sealed class StatFieldsTests
{
    private static readonly string Rest = string.Join(' ', Enumerable.Range(4, 49).Select(field => field * 10));

    [Theory]
    [InlineData("sh")]
    [InlineData("a) R 1 2 3 4 (b")]
    [InlineData("))) \n((")]
    [InlineData("")]
    public void Fields_count_from_the_last_bracket(string name)
    {
        Assert.Equal([40ul, 280ul, 520ul], Read($"17 ({name}) S {Rest}\n", 4, 28, 52)!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("17 (sh")]
    [InlineData("17 (sh)")]
    [InlineData("17 (sh) S")]
    [InlineData("17 (sh) S 1 2 3")]
    [InlineData("17 (sh) S x 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28")]
    [InlineData("17 (sh) S -1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28")]
    public void Line_that_no_kernel_writes_is_refused(string line) => Assert.Null(Read(line, 4, 28));

    private static ulong[]? Read(string line, params int[] fields)
    {
        ulong[] values = new ulong[fields.Length];
        return StatFields.TryParse(Encoding.UTF8.GetBytes(line), fields, values) ? values : null;
    }
}
