using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Spiffe.Agent.Rpc.Reflection;

/// <summary>Every name that the files of some services declare, imports included. Immutable.</summary>
internal sealed class SymbolTable
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> _extensions = new(StringComparer.Ordinal);

    public SymbolTable(IReadOnlyList<ServiceDescriptor> services)
    {
        Services = [.. services.Select(s => s.FullName).Order(StringComparer.Ordinal)];
        foreach (ServiceDescriptor service in services) AddFile(service.File);
    }

    /// <summary>Full names, in ordinal order.</summary>
    public IReadOnlyList<string> Services { get; }

    public IReadOnlyList<ByteString>? FileNamed(string name) => WithImports(_files.GetValueOrDefault(name));

    public IReadOnlyList<ByteString>? FileDeclaring(string symbol) => WithImports(_symbols.GetValueOrDefault(symbol));

    public IReadOnlyList<ByteString>? FileExtending(string type, int number) => WithImports(_extensions.GetValueOrDefault(type)?.GetValueOrDefault(number));

    /// <summary>Numbers of the extensions of a message; null when nothing has that name.</summary>
    public IReadOnlyList<int>? ExtensionsOf(string type) =>
        _extensions.TryGetValue(type, out SortedDictionary<int, FileDescriptor>? numbers) ? [.. numbers.Keys]
        : _symbols.ContainsKey(type) ? []
        : null;

    // The file first, then what it imports, each once: a client that knows none of them can build it.
    private static List<ByteString>? WithImports(FileDescriptor? file)
    {
        if (file is null) return null;
        List<FileDescriptor> files = [file];
        for (int i = 0; i < files.Count; i++) files.AddRange(files[i].Dependencies.Where(d => !files.Contains(d)).Distinct());
        return [.. files.Select(f => f.SerializedData)];
    }

    private void AddFile(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file)) return;
        foreach (ServiceDescriptor service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (MethodDescriptor method in service.Methods) _symbols[method.FullName] = file;
        }

        foreach (MessageDescriptor message in file.MessageTypes) AddMessage(message);
        foreach (EnumDescriptor type in file.EnumTypes) _symbols[type.FullName] = file;
        foreach (FieldDescriptor extension in file.Extensions.UnorderedExtensions) AddExtension(extension);
        foreach (FileDescriptor import in file.Dependencies) AddFile(import);
    }

    private void AddMessage(MessageDescriptor message)
    {
        _symbols[message.FullName] = message.File;
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder()) _symbols[field.FullName] = message.File;
        foreach (OneofDescriptor choice in message.Oneofs) _symbols[choice.FullName] = message.File;
        foreach (EnumDescriptor type in message.EnumTypes) _symbols[type.FullName] = message.File;
        foreach (FieldDescriptor extension in message.Extensions.UnorderedExtensions) AddExtension(extension);
        foreach (MessageDescriptor nested in message.NestedTypes) AddMessage(nested);
    }

    private void AddExtension(FieldDescriptor extension)
    {
        _symbols[extension.FullName] = extension.File;
        string type = extension.ExtendeeType.FullName;
        if (!_extensions.TryGetValue(type, out SortedDictionary<int, FileDescriptor>? numbers)) _extensions[type] = numbers = [];
        numbers[extension.FieldNumber] = extension.File;
    }
}
