// Logger: one JSON object per line for everything that an operator may want to find again.
//
//   log.info("order.accepted", {{"order_id", id}, {"items", items.size()}, {"email", Personal(email)}}, &trace);
//   {"time":"2026-01-01T00:00:00.000Z","level":"info","event":"order.accepted","trace_id":"4bf9...","order_id":...}
//
// No personal data reaches a line: what may be personal is passed as Personal, which keeps nothing of it, and the
// fields that hold such data in an order are redacted by name too, whatever their value is.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "libs/base/clock.hpp"
#include "libs/observe/trace_context.hpp"

namespace orderflow::observe {

enum class LogLevel : std::uint8_t { debug, info, warn, error };

// Stands for a value that must not be written. Prints as "[redacted]".
class Personal {
  public:
    template <class T>
    explicit Personal(const T& /*value*/) noexcept {}
};

// Texts are valid during the call only. Control characters are escaped, octets that are not UTF-8 replaced, more than
// 2 KiB cut: whatever a text holds, it stays inside its field.
struct LogField {
    using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool, Personal>;

    LogField(std::string_view k, std::string_view text) : key(k), value(text) {}
    LogField(std::string_view k, const std::string& text) : key(k), value(std::string_view(text)) {}
    LogField(std::string_view k, const char* text) : key(k), value(std::string_view(text)) {}
    LogField(std::string_view k, std::same_as<bool> auto flag) : key(k), value(flag) {}
    LogField(std::string_view k, std::signed_integral auto number) : key(k), value(std::int64_t{number}) {}
    template <std::unsigned_integral T>
        requires(!std::same_as<T, bool>)
    LogField(std::string_view k, T number) : key(k), value(std::uint64_t{number}) {}
    LogField(std::string_view k, double number) : key(k), value(number) {}
    LogField(std::string_view k, Personal redacted) : key(k), value(redacted) {}

    std::string_view key;
    Value value;
};

// Where lines go.
class LogSink {
  public:
    virtual ~LogSink() = default;
    // `line` is without its end. Never blocks for long, never throws. Any thread.
    virtual void write(LogLevel level, std::string_view line) = 0;
};

// Lines go to stdout or stderr through a thread of their own and a bounded queue: when nobody reads the pipe, the
// oldest lines are lost, not the orders. The destructor writes what is waiting.
enum class LogStream : std::uint8_t { standard_output, standard_error };
std::unique_ptr<LogSink> make_stream_sink(LogStream stream);

// Any thread.
class Logger {
  public:
    using Fields = std::initializer_list<LogField>;

    // Both outlive the logger. Lines below `least` are dropped before they cost anything.
    Logger(const Clock& clock, LogSink& sink, LogLevel least = LogLevel::info)
        : clock_(clock), sink_(sink), least_(least) {}

    // `event` is stable text of the program: "order.accepted". Data goes into fields.
    void debug(std::string_view event, Fields fields = {}, const TraceContext* trace = nullptr) const {
        log(LogLevel::debug, event, fields, trace);
    }
    void info(std::string_view event, Fields fields = {}, const TraceContext* trace = nullptr) const {
        log(LogLevel::info, event, fields, trace);
    }
    void warn(std::string_view event, Fields fields = {}, const TraceContext* trace = nullptr) const {
        log(LogLevel::warn, event, fields, trace);
    }
    void error(std::string_view event, Fields fields = {}, const TraceContext* trace = nullptr) const {
        log(LogLevel::error, event, fields, trace);
    }
    void log(LogLevel level, std::string_view event, Fields fields, const TraceContext* trace) const {
        if (level >= least_) write(level, event, fields, trace);
    }

  private:
    void write(LogLevel level, std::string_view event, Fields fields, const TraceContext* trace) const;

    const Clock& clock_;
    LogSink& sink_;
    LogLevel least_;
};

}  // namespace orderflow::observe
