using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Issuance.Inventory;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Fuzz.Issuance;

/// <summary>The list of strangers under any flood: bounded, and every call is in a row or counted beside them.</summary>
public sealed class StrangerProperties
{
    private static readonly Config Hundreds = Config.QuickThrowOnFailure.WithMaxTest(200);

    [Fact]
    public void No_flood_loses_a_call_or_a_row_that_was_there() => Prop.ForAll(Floods().ToArbitrary(), flood =>
    {
        StrangerTable table = new(new ManualTime());
        table.Seen(4242, "/opt/shadow", "NoIdentity", isAttested: true);
        long calls = 1;
        foreach ((int users, int programs, int times) in flood)
        {
            for (int i = 0; i < times; i++, calls++) table.Seen((uint)(i % users), string.Create(CultureInfo.InvariantCulture, $"/p/{i % programs}"), i % 3 == 0 ? "NoIdentity" : "TemplateNotForCaller", isAttested: true);
        }

        StrangerList list = table.List();
        return list.Rows.Length <= StrangerTable.MaxRows
            && list.Rows.Sum(row => row.Calls) + list.Unlisted == calls
            && list.Rows.Any(row => row is { UserId: 4242, Executable: "/opt/shadow" })
            && list.Rows.GroupBy(row => row.UserId).All(user => user.Count(row => row.Executable != StrangerTable.OtherPrograms) <= StrangerTable.MaxRowsPerUser);
    }).Check(Hundreds);

    private static Gen<(int Users, int Programs, int Times)[]> Floods() => (
        from users in Gen.Choose(1, 3000)
        from programs in Gen.Choose(1, 3000)
        from times in Gen.Choose(1, 4000)
        select (users, programs, times)).ArrayOf(4);
}
