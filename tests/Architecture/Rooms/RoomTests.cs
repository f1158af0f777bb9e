using Spiffe.Agent.Tests.Architecture.House;

namespace Spiffe.Agent.Tests.Architecture.Rooms;

/// <summary>The table of rooms holds: no arrow that it does not draw.</summary>
public sealed class RoomTests
{
    public static TheoryData<string> BuiltRooms => [.. RoomTable.Built.Select(room => room.Name)];

    [Fact]
    public void Every_folder_under_src_is_a_room_of_the_table()
    {
        IEnumerable<string> folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)!)
            .Where(name => name is not "artifacts");

        Offenders.None(folders.Except(RoomTable.Rooms.Select(room => room.Name), StringComparer.Ordinal));
    }

    [Fact]
    public void Every_room_of_the_table_stands_or_is_known_to_come_later()
    {
        IEnumerable<string> absent = RoomTable.Rooms.Where(room => !RoomProject.Exists(room.Name)).Select(room => room.Name);

        Offenders.None(absent.Except(RoomTable.NotYetBuilt, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(BuiltRooms))]
    public void A_room_sees_only_the_rooms_that_the_table_allows(string room) =>
        Offenders.None(new RoomProject(room).Rooms.Except(RoomTable.Named(room).MaySee, StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(BuiltRooms))]
    public void A_room_uses_only_the_packages_that_the_table_allows(string room) =>
        Offenders.None(new RoomProject(room).Packages.Except(RoomTable.Named(room).MayUse, StringComparer.Ordinal));

    [Fact]
    public void The_table_draws_arrows_downwards_only()
    {
        foreach (Room room in RoomTable.Rooms)
        {
            foreach (string seen in room.MaySee)
            {
                Assert.True(RoomTable.Named(seen).Floor < room.Floor, $"{room.Name} would see {seen}, which is not below it");
            }
        }
    }

    [Fact]
    public void No_project_inherits_the_references_of_another()
    {
        Assert.Contains("<DisableTransitiveProjectReferences>true<", Repository.Read("Directory.Build.props"), StringComparison.Ordinal);
        foreach (string project in Repository.Files("src", "*.csproj").Concat(Repository.Files("src", "*.props")))
        {
            Assert.DoesNotContain("DisableTransitiveProjectReferences", Repository.Read(project), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = Repository.Read("Spiffe.Agent.sln").Replace('\\', '/');

        Assert.All(Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj")), project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }
}
