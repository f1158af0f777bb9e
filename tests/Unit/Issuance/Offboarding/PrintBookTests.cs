using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Residue;

namespace Spiffe.Agent.Tests.Unit.Issuance.Offboarding;

/// <summary>Prints are kept while a task lives, so many and no more, and what is not kept is counted.</summary>
public sealed class PrintBookTests
{
    private readonly PrintBook _book = new();

    [Fact]
    public void Past_the_limit_the_oldest_go_and_are_counted()
    {
        _book.Open("t");
        for (int i = 0; i < PrintBook.MaxPerTask + 3; i++) _book.Add("t", Print($"{i}"));

        (IReadOnlyList<CredentialPrint> prints, int lost) = _book.Close("t");

        Assert.Equal((PrintBook.MaxPerTask, 3, "3"), (prints.Count, lost, prints[0].Id));
    }

    [Fact]
    public void In_all_there_are_so_many_and_who_comes_later_is_counted_as_not_kept()
    {
        for (int task = 0; task < PrintBook.MaxInAll / PrintBook.MaxPerTask; task++)
        {
            _book.Open($"{task}");
            for (int i = 0; i < PrintBook.MaxPerTask; i++) _book.Add($"{task}", Print("x"));
        }

        _book.Open("late");
        _book.Add("late", Print("y"));
        (IReadOnlyList<CredentialPrint> prints, int lost) = _book.Close("late");
        Assert.Equal((0, 1), (prints.Count, lost));

        _book.Close("0");
        _book.Open("later");
        _book.Add("later", Print("z"));
        Assert.Single(_book.Close("later").Prints);
    }

    [Fact]
    public void Of_a_task_that_is_over_nothing_is_taken()
    {
        _book.Open("t");
        _book.Close("t");
        _book.Add("t", Print("x"));
        _book.Miss("t");

        Assert.Equal(0, _book.Close("t").Lost);
    }

    private static CredentialPrint Print(string id) => new("jwt", id, []);
}
