#include "orderflow/load/ledger_file.hpp"

#include <fcntl.h>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "libs/json/parse.hpp"

namespace orderflow::load {
namespace {

using audit::Attempt;
using audit::AttemptKind;
using audit::Outcome;

constexpr std::size_t line_bytes_max = 16 * 1024;
constexpr std::array<std::string_view, 3> kinds{"place", "cancel", "bad"};
constexpr std::array<std::string_view, 3> outcomes{"ok", "refused", "unknown"};

std::unexpected<Error> write_failed(std::string_view what) {
    return fail(ErrorKind::unavailable, "ledger.write_failed", fmt::format("{}: {}", what, std::strerror(errno)));
}

// Whether the file ends inside a line.
bool ends_torn(int file) {
    const auto size = ::lseek(file, 0, SEEK_END);
    char last = '\n';
    return size > 0 && ::pread(file, &last, 1, size - 1) == 1 && last != '\n';
}

template <class Enum, std::size_t n>
bool parse_name(const std::array<std::string_view, n>& names, const json::Value* value, Enum& out) {
    const auto* text = value == nullptr ? nullptr : value->string();
    for (std::size_t i = 0; text != nullptr && i < n; ++i) {
        if (names[i] != *text) continue;
        out = static_cast<Enum>(i);
        return true;
    }
    return false;
}

bool parse_integer(const json::Value* value, std::int64_t& out) {
    const auto number = value == nullptr ? std::nullopt : value->number();
    const auto integer = number ? number->to_int64() : Result<std::int64_t>(fail(ErrorKind::invalid_input, ""));
    if (integer) out = *integer;
    return integer.has_value();
}

bool parse_text(const json::Value* value, std::string& out) {
    const auto* text = value == nullptr ? nullptr : value->string();
    if (text != nullptr) out = *text;
    return text != nullptr;
}

bool parse_items(const json::Value* value, std::vector<audit::AskedLine>& out) {
    if (value == nullptr) return true;
    const auto* items = value->array();
    if (items == nullptr) return false;
    for (const auto& item : *items) {
        const auto* pair = item.array();
        auto& line = out.emplace_back();
        if (pair == nullptr || pair->size() != 2 || !parse_text(&(*pair)[0], line.sku) ||
            !parse_integer(&(*pair)[1], line.quantity)) {
            return false;
        }
    }
    return true;
}

bool parse_attempt(const json::Value& line, Attempt& attempt) {
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::int64_t status = 0;
    if (!parse_name(kinds, line.find("kind"), attempt.kind) ||
        !parse_name(outcomes, line.find("outcome"), attempt.outcome) || !parse_integer(line.find("start"), start) ||
        !parse_integer(line.find("end"), end) || !parse_integer(line.find("status"), status) ||
        !parse_items(line.find("items"), attempt.lines)) {
        return false;
    }
    attempt.start = from_unix_ms(start);
    attempt.end = from_unix_ms(end);
    attempt.http_status = static_cast<int>(status);
    if (const auto* id = line.find("id"); id != nullptr) {
        const auto* text = id->string();
        attempt.order = text == nullptr ? std::nullopt : orders::OrderId::parse(*text);
        if (!attempt.order) return false;
    }
    if (attempt.kind == AttemptKind::cancel) return attempt.order.has_value();
    std::string asked;
    if (!parse_text(line.find("key"), attempt.key) || !parse_text(line.find("asked"), asked)) return false;
    const auto [at, error] = std::from_chars(asked.data(), asked.data() + asked.size(), attempt.asked, 16);
    return error == std::errc() && at == asked.data() + asked.size();
}

class LedgerReader {
  public:
    Result<Ledger> read(std::string_view text) {
        ledger_.history.attempts.reserve(static_cast<std::size_t>(std::ranges::count(text, '\n')));
        while (!text.empty()) {
            ++number_;
            const auto end = text.find('\n');
            if (!take(text.substr(0, end))) {
                // Allowed once, where a run was killed: at the end of the file or before the next run.
                if (!open_ || torn_ != 0) return damaged(torn_ != 0 ? torn_ : number_);
                torn_ = number_;
            }
            if (end == std::string_view::npos) break;
            text.remove_prefix(end + 1);
        }
        close_run(true);
        if (ledger_.runs == 0) return fail(ErrorKind::invalid_input, "ledger.damaged", "it holds no run");
        return std::move(ledger_);
    }

  private:
    static std::unexpected<Error> damaged(std::size_t line) {
        return fail(ErrorKind::invalid_input, "ledger.damaged", fmt::format("line {} cannot be read", line));
    }

    bool take(std::string_view text) {
        const auto line = json::parse(text, {.bytes = line_bytes_max});
        if (!line) return false;
        if (line->find("run") != nullptr) {
            close_run(true);
            ++ledger_.runs;
            open_ = true;
            return true;
        }
        if (!open_ || torn_ != 0) return false;  // behind a torn line only another run may begin
        if (line->find("done") != nullptr) {
            close_run(false);
            return true;
        }
        Attempt attempt;
        if (!parse_attempt(line->root(), attempt)) return false;
        ledger_.history.attempts.push_back(std::move(attempt));
        return true;
    }

    void close_run(bool killed) {
        if (open_ && killed) ++ledger_.killed_runs;
        open_ = false;
        torn_ = 0;
    }

    Ledger ledger_;
    std::size_t number_ = 0;
    std::size_t torn_ = 0;  // number of the line
    bool open_ = false;     // inside a run
};

}  // namespace

Result<LedgerWriter> LedgerWriter::open(const std::string& path, std::string run, WallTime now) {
    constexpr int owner_only = 0600;
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, owner_only);
    if (file < 0) {
        return fail(ErrorKind::unavailable, "ledger.inaccessible", fmt::format("{}: {}", path, std::strerror(errno)));
    }
    LedgerWriter writer(file, std::move(run));
    if (ends_torn(file)) writer.waiting_ += '\n';
    fmt::format_to(std::back_inserter(writer.waiting_),
                   R"({{"run":"{}","at":{}}})"
                   "\n",
                   writer.run_, to_unix_ms(now));
    if (auto written = writer.flush(); !written) return fail(std::move(written).error());
    return writer;
}

LedgerWriter::LedgerWriter(LedgerWriter&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      run_(std::move(other.run_)),
      waiting_(std::move(other.waiting_)),
      attempts_(other.attempts_) {}

LedgerWriter::~LedgerWriter() {
    if (file_ >= 0) ::close(file_);
}

void LedgerWriter::add(const Attempt& attempt) {
    ++attempts_;
    auto out = std::back_inserter(waiting_);
    fmt::format_to(out, FMT_COMPILE(R"({{"kind":"{}",)"), kinds[static_cast<std::size_t>(attempt.kind)]);
    if (attempt.kind != AttemptKind::cancel) {
        fmt::format_to(out, FMT_COMPILE(R"("key":"{}","asked":"{:x}","items":[)"), attempt.key, attempt.asked);
        for (std::size_t i = 0; i < attempt.lines.size(); ++i) {
            fmt::format_to(out, FMT_COMPILE(R"({}["{}",{}])"), i == 0 ? "" : ",", attempt.lines[i].sku,
                           attempt.lines[i].quantity);
        }
        waiting_ += "],";
    }
    fmt::format_to(out, FMT_COMPILE(R"("start":{},"end":{},"outcome":"{}","status":{})"), to_unix_ms(attempt.start),
                   to_unix_ms(attempt.end), outcomes[static_cast<std::size_t>(attempt.outcome)], attempt.http_status);
    if (attempt.order) fmt::format_to(out, FMT_COMPILE(R"(,"id":"{}")"), attempt.order->to_string());
    waiting_ += "}\n";
}

// Whole lines in one call: a process that is killed leaves all of them or none.
Result<void> LedgerWriter::flush() {
    std::string_view rest = waiting_;
    while (!rest.empty()) {
        const auto count = ::write(file_, rest.data(), rest.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return write_failed("the ledger");
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
    waiting_.clear();
    return {};
}

Result<void> LedgerWriter::finish() {
    fmt::format_to(std::back_inserter(waiting_),
                   R"({{"done":"{}","attempts":{}}})"
                   "\n",
                   run_, attempts_);
    return flush();
}

Result<Ledger> parse_ledger(std::string_view text) { return LedgerReader().read(text); }

Result<Ledger> read_ledger(const std::string& path) {
    std::error_code unreadable;
    const auto bytes = std::filesystem::file_size(path, unreadable);
    std::ifstream in(path, std::ios::binary);
    std::string text;
    if (in && !unreadable) text.resize(bytes);
    if (unreadable || !in.read(text.data(), static_cast<std::streamsize>(text.size()))) {
        return fail(ErrorKind::not_found, "ledger.missing", path + " cannot be read");
    }
    auto ledger = parse_ledger(text);
    if (!ledger) return fail(ledger.error().kind(), ledger.error().code(), path + ": " + ledger.error().detail());
    return ledger;
}

}  // namespace orderflow::load
