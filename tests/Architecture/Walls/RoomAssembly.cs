using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using Spiffe.Agent.Tests.Architecture.House;

namespace Spiffe.Agent.Tests.Architecture.Walls;

/// <summary>A built room, read as a file: what its code calls and which texts are in it.</summary>
internal sealed class RoomAssembly
{
    private readonly byte[] _image;

    public RoomAssembly(string room)
    {
        // artifacts/bin/Architecture/release/ → artifacts/bin/<room>/release/
        DirectoryInfo here = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string name = room is "Agent" ? "spiffe-agent.dll" : $"Spiffe.Agent.{room}.dll";
        _image = File.ReadAllBytes(Path.Combine(Repository.Root, "artifacts", "bin", room, here.Name, name));
    }

    /// <summary>Every method and field of other assemblies that the code names, as <c>Namespace.Type::Member(parameter types)</c>.</summary>
    public IReadOnlyList<string> ForeignMembers()
    {
        using PEReader pe = new(new MemoryStream(_image, writable: false));
        MetadataReader metadata = pe.GetMetadataReader();
        List<string> members = [];
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            MemberReference member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference) continue;
            TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
            string owner = $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}::{metadata.GetString(member.Name)}";
            members.Add(member.GetKind() == MemberReferenceKind.Method ? $"{owner}({Parameters(metadata, member)})" : owner);
        }

        return members;
    }

    /// <summary>Whether the text is anywhere in the file, as a string or as UTF-8 bytes.</summary>
    public bool Mentions(string text) =>
        _image.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0 || _image.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static string Parameters(MetadataReader metadata, MemberReference member) =>
        string.Join(", ", member.DecodeMethodSignature(new TypeNames(metadata), null).ParameterTypes);
}
