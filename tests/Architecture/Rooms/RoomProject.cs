using System.Xml.Linq;
using Spiffe.Agent.Tests.Architecture.House;

namespace Spiffe.Agent.Tests.Architecture.Rooms;

/// <summary>What a room's project file says that it references.</summary>
internal sealed class RoomProject
{
    private readonly XDocument _project;

    public RoomProject(string room) => _project = XDocument.Load(FileOf(room));

    /// <summary>Rooms, by the name of their project.</summary>
    public IReadOnlyList<string> Rooms => [.. Included("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path))];

    /// <summary>Packages and shared frameworks.</summary>
    public IReadOnlyList<string> Packages => [.. Included("PackageReference"), .. Included("FrameworkReference")];

    public static bool Exists(string room) => File.Exists(FileOf(room));

    private IEnumerable<string> Included(string item) => _project.Descendants(item).Select(e => e.Attribute("Include")!.Value);

    private static string FileOf(string room) => Path.Combine(Repository.Root, "src", room, $"{room}.csproj");
}
