using Spiffe.Agent.Rpc.Reflection.V1;

namespace Spiffe.Agent.Rpc.Reflection;

/// <summary>Server reflection, v1 and v1alpha: tells clients such as grpcurl what is served. Both speak the same bytes, so one handler serves them.</summary>
public static class ReflectionService
{
    /// <summary>The two services, which tell of the given ones and of themselves. Services without a descriptor stay untold.</summary>
    public static IReadOnlyList<RpcService> Create(params IReadOnlyList<RpcService> services)
    {
        RpcService v1 = RpcService.Create("grpc.reflection.v1.ServerReflection", ReflectionReflection.Descriptor);
        RpcService v1alpha = RpcService.Create("grpc.reflection.v1alpha.ServerReflection", V1Alpha.ReflectionReflection.Descriptor);
        SymbolTable symbols = new([.. services.Append(v1).Append(v1alpha).Select(s => s.Descriptor).OfType<Google.Protobuf.Reflection.ServiceDescriptor>()]);
        foreach (RpcService service in (RpcService[])[v1, v1alpha])
        {
            service.DuplexStreaming<ServerReflectionRequest, ServerReflectionResponse>(
                "ServerReflectionInfo", ServerReflectionRequest.Parser, (questions, answers, context) => AnswerAsync(symbols, questions, answers, context));
        }

        return [v1, v1alpha];
    }

    private static async Task AnswerAsync(
        SymbolTable symbols, IAsyncStreamReader<ServerReflectionRequest> questions, IServerStreamWriter<ServerReflectionResponse> answers, ServerCallContext context)
    {
        await foreach (ServerReflectionRequest question in questions.ReadAllAsync(context.CancellationToken))
        {
            await answers.WriteAsync(Answer(symbols, question), context.CancellationToken);
        }
    }

    private static ServerReflectionResponse Answer(SymbolTable symbols, ServerReflectionRequest question)
    {
        ServerReflectionResponse answer = new() { ValidHost = question.Host, OriginalRequest = question };
        switch (question.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                answer.ListServicesResponse = new ListServiceResponse { Service = { symbols.Services.Select(name => new ServiceResponse { Name = name }) } };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                AnswerFile(answer, symbols.FileNamed(question.FileByFilename));
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                AnswerFile(answer, symbols.FileDeclaring(question.FileContainingSymbol));
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                AnswerFile(answer, symbols.FileExtending(question.FileContainingExtension.ContainingType, question.FileContainingExtension.ExtensionNumber));
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                AnswerNumbers(answer, question.AllExtensionNumbersOfType, symbols.ExtensionsOf(question.AllExtensionNumbersOfType));
                break;
            default:
                AnswerError(answer, StatusCode.InvalidArgument, "no question asked");
                break;
        }

        return answer;
    }

    private static void AnswerFile(ServerReflectionResponse answer, IReadOnlyList<Google.Protobuf.ByteString>? files)
    {
        if (files is null) AnswerError(answer, StatusCode.NotFound, "not known here");
        else answer.FileDescriptorResponse = new FileDescriptorResponse { FileDescriptorProto = { files } };
    }

    private static void AnswerNumbers(ServerReflectionResponse answer, string type, IReadOnlyList<int>? numbers)
    {
        if (numbers is null) AnswerError(answer, StatusCode.NotFound, "not known here");
        else answer.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = type, ExtensionNumber = { numbers } };
    }

    private static void AnswerError(ServerReflectionResponse answer, StatusCode code, string text) =>
        answer.ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = text };
}
