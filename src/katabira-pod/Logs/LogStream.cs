namespace Katabira.Pod.Logs;

/// <summary>Which of its two outputs a container wrote.</summary>
internal enum LogStream
{
    Output,
    Errors,
}
