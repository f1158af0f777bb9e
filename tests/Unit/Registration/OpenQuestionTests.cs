using System.Globalization;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Registration;

/// <summary>Whether what is not known of a caller might decide anything.</summary>
public sealed class OpenQuestionTests
{
    private static readonly string[] Docker = ["docker"];
    private static readonly string[] Both = ["docker", "k8s"];

    [Fact]
    public void An_entry_whose_known_selectors_hold_might_match()
    {
        EntrySnapshot snapshot = new([Given.Entry("/web", "unix:uid:1", "docker:label:a:b")]);

        Assert.True(snapshot.MightMatch(Given.Selectors("unix:uid:1"), "docker", Docker));
        Assert.False(snapshot.MightMatch(Given.Selectors("unix:uid:2"), "docker", Docker));
        Assert.False(snapshot.MightMatch(Given.Selectors("unix:uid:1"), "k8s", Both));
    }

    [Fact]
    public void An_entry_of_nothing_but_unknown_selectors_might_match_anybody()
    {
        EntrySnapshot snapshot = new([Given.Entry("/web", "docker:label:a:b")]);

        Assert.True(snapshot.MightMatch(SelectorSet.Empty, "docker", Docker));
        Assert.True(snapshot.MightMatch(Given.Selectors("unix:uid:2"), "docker", Docker));
    }

    [Fact]
    public void An_entry_that_does_not_ask_for_the_type_is_no_reason()
    {
        EntrySnapshot snapshot = new([Given.Entry("/web", "unix:uid:1"), Given.Entry("/pod", "unix:uid:2", "k8s:ns:x")]);

        Assert.False(snapshot.MightMatch(Given.Selectors("unix:uid:1"), "docker", Docker));
        Assert.False(snapshot.MightMatch(Given.Selectors("unix:uid:1"), "k8s", Both));
        Assert.True(snapshot.MightMatch(Given.Selectors("unix:uid:2"), "k8s", Both));
    }

    [Fact]
    public void What_two_unknown_types_decide_together_might_match_by_either()
    {
        EntrySnapshot snapshot = new([Given.Entry("/pod", "docker:label:a:b", "k8s:ns:x")]);

        Assert.True(snapshot.MightMatch(SelectorSet.Empty, "docker", Both));
        Assert.True(snapshot.MightMatch(SelectorSet.Empty, "k8s", Both));
        Assert.False(snapshot.MightMatch(SelectorSet.Empty, "docker", Docker)); // k8s was asked, and said nothing.
        Assert.True(snapshot.MightMatch(Given.Selectors("k8s:ns:x"), "docker", Docker));
    }

    [Fact]
    public void A_placeholder_of_an_unknown_type_is_a_question_and_one_of_a_known_type_must_be_filled()
    {
        EntrySnapshot ask = new([Given.Entry("/ns/{k8s:ns}", "unix:uid:1")]);
        Assert.True(ask.MightMatch(Given.Selectors("unix:uid:1"), "k8s", Both));
        Assert.False(ask.MightMatch(Given.Selectors("unix:uid:2"), "k8s", Both));

        EntrySnapshot fill = new([Given.Entry("/user/{unix:user}", "docker:label:a:b")]);
        Assert.True(fill.MightMatch(Given.Selectors("unix:user:web"), "docker", Docker));
        Assert.False(fill.MightMatch(Given.Selectors("unix:uid:1"), "docker", Docker));
        Assert.False(fill.MightMatch(Given.Selectors("unix:user:a/b"), "docker", Docker));
    }

    [Fact]
    public void Entries_that_cannot_match_are_not_looked_at()
    {
        const int many = 50_000;
        EntrySnapshot snapshot = new(
        [
            .. Enumerable.Range(0, many).Select(i => Given.Entry($"/w/{Text(i)}", $"unix:uid:{Text(i)}", "docker:label:a:b")),
            .. Enumerable.Range(0, many).Select(i => Given.Entry($"/x/{{unix:user}}/{Text(i)}", $"docker:label:i:{Text(i)}")),
        ]);

        Assert.False(snapshot.MightMatch(Given.Selectors("unix:gid:1"), "docker", Docker, out int inspected));
        Assert.Equal(1, inspected); // That all of the second line want a user's name is asked once.
        Assert.True(snapshot.MightMatch(Given.Selectors("unix:uid:77"), "docker", Docker, out inspected));
        Assert.Equal(2, inspected);
        Assert.True(snapshot.MightMatch(Given.Selectors("unix:user:x"), "docker", Docker, out inspected));
        Assert.Equal(1, inspected);
    }

    [Fact]
    public void Asking_again_allocates_nothing()
    {
        EntrySnapshot snapshot = new([Given.Entry("/web", "unix:uid:1", "docker:label:a:b")]);
        SelectorSet held = Given.Selectors("unix:uid:2");
        Assert.False(snapshot.MightMatch(held, "docker", Docker));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) _ = snapshot.MightMatch(held, "docker", Docker);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
