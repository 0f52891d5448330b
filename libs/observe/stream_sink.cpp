// The only file that includes spdlog: it takes ten seconds to compile.
#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <memory>
#include <string>

#include "libs/observe/log.hpp"

namespace orderflow::observe {

namespace {

constexpr std::size_t queued_lines = 4096;

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warn: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

spdlog::sink_ptr make_sink(LogStream stream) {
    if (stream == LogStream::standard_output) return std::make_shared<spdlog::sinks::stdout_sink_mt>();
    return std::make_shared<spdlog::sinks::stderr_sink_mt>();
}

class StreamSink final : public LogSink {
  public:
    explicit StreamSink(LogStream stream)
        : pool_(std::make_shared<spdlog::details::thread_pool>(queued_lines, 1)),
          logger_(std::make_shared<spdlog::async_logger>("orderflow", make_sink(stream), pool_,
                                                         spdlog::async_overflow_policy::overrun_oldest)) {
        logger_->set_pattern("%v");
        logger_->set_level(spdlog::level::trace);
        logger_->flush_on(spdlog::level::trace);  // a line that waits in a buffer helps nobody
    }

    void write(LogLevel level, std::string_view line) override {
        logger_->log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
    }

  private:
    std::shared_ptr<spdlog::details::thread_pool> pool_;
    std::shared_ptr<spdlog::async_logger> logger_;  // before the pool in destruction, which then writes what waits
};

}  // namespace

std::unique_ptr<LogSink> make_stream_sink(LogStream stream) { return std::make_unique<StreamSink>(stream); }

}  // namespace orderflow::observe
