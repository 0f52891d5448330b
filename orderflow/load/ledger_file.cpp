#include "orderflow/load/ledger_file.hpp"

#include <fcntl.h>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
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
    // The next bytes, in pieces of any length. Holds no more of them than one line may have.
    Result<void> add(std::string_view bytes) {
        for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
            begun_ += bytes.substr(0, end);
            bytes.remove_prefix(end + 1);
            if (auto read = end_line(); !read) return read;
        }
        begun_ += bytes;
        if (begun_.size() > line_bytes_max) return damaged(number_ + 1, "is too long");
        return {};
    }

    Result<Ledger> finish() {
        if (!begun_.empty()) {
            if (auto read = end_line(); !read) return fail(std::move(read).error());
        }
        close_run(true);
        if (ledger_.runs == 0) return fail(ErrorKind::invalid_input, "ledger.damaged", "it holds no run");
        return std::move(ledger_);
    }

  private:
    static std::unexpected<Error> damaged(std::size_t line, std::string_view how = "cannot be read") {
        return fail(ErrorKind::invalid_input, "ledger.damaged", fmt::format("line {} {}", line, how));
    }

    Result<void> end_line() {
        ++number_;
        const auto line = std::exchange(begun_, {});
        if (line.size() > line_bytes_max) return damaged(number_, "is too long");
        if (!take(line)) {
            // Allowed once, where a run was killed: at the end of the file or before the next run.
            if (!open_ || torn_ != 0) return damaged(torn_ != 0 ? torn_ : number_);
            torn_ = number_;
        }
        if (wrong_end_.empty()) return {};
        return damaged(number_, wrong_end_);
    }

    bool take(std::string_view text) {
        const auto line = json::parse(text, {.bytes = line_bytes_max});
        if (!line) return false;
        if (const auto* run = line->find("run"); run != nullptr) {
            close_run(true);
            if (!parse_text(run, run_)) return false;
            ++ledger_.runs;
            attempts_before_ = ledger_.history.attempts.size();
            open_ = true;
            return true;
        }
        if (!open_ || torn_ != 0) return false;  // behind a torn line only another run may begin
        if (line->find("done") != nullptr) {
            check_end_of_run(line->root());
            close_run(false);
            return true;
        }
        Attempt attempt;
        if (!parse_attempt(line->root(), attempt)) return false;
        ledger_.history.attempts.push_back(std::move(attempt));
        return true;
    }

    // Lines that were taken out, or came from elsewhere, leave no other trace.
    void check_end_of_run(const json::Value& line) {
        std::string run;
        std::int64_t told = 0;
        const auto attempts = static_cast<std::int64_t>(ledger_.history.attempts.size() - attempts_before_);
        if (!parse_text(line.find("done"), run) || !parse_integer(line.find("attempts"), told)) {
            wrong_end_ = "does not say which run ends, with how many attempts";
        } else if (run != run_) {
            wrong_end_ = fmt::format("ends the run {}, and {} began", run, run_);
        } else if (told != attempts) {
            wrong_end_ = fmt::format("says that its run has {} attempts, and {} stand here", told, attempts);
        }
    }

    void close_run(bool killed) {
        if (open_ && killed) ++ledger_.killed_runs;
        open_ = false;
        torn_ = 0;
    }

    Ledger ledger_;
    std::string begun_;  // the line that has not ended
    std::string run_;    // the name of the newest
    std::string wrong_end_;
    std::size_t attempts_before_ = 0;  // that run
    std::size_t number_ = 0;           // of lines
    std::size_t torn_ = 0;             // number of the line
    bool open_ = false;                // inside a run
};

// Closes the file.
class OpenFile {
  public:
    explicit OpenFile(int file) : file_(file) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (file_ >= 0) ::close(file_);
    }
    int get() const { return file_; }

  private:
    int file_;
};

std::unexpected<Error> missing(std::string_view what) {
    return fail(ErrorKind::not_found, "ledger.missing", fmt::format("cannot be read: {}", what));
}

Result<Ledger> read_ledger_from(int file) {
    struct stat about{};
    if (file < 0 || ::fstat(file, &about) != 0) return missing(std::strerror(errno));
    if (!S_ISREG(about.st_mode)) return missing("it is not a regular file");
    LedgerReader reader;
    std::array<char, std::size_t{64} * 1024> piece{};
    for (;;) {
        const auto count = ::read(file, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return missing(std::strerror(errno));
        if (count == 0) return reader.finish();
        if (auto added = reader.add({piece.data(), static_cast<std::size_t>(count)}); !added) {
            return fail(std::move(added).error());
        }
    }
}

}  // namespace

Result<LedgerWriter> LedgerWriter::open(const std::string& path, std::string run, WallTime now) {
    constexpr int owner_only = 0600;
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, owner_only);
    if (file < 0) {
        return fail(ErrorKind::unavailable, "ledger.inaccessible", fmt::format("{}: {}", path, std::strerror(errno)));
    }
    LedgerWriter writer(file, std::move(run));
    // Lines of two runs between each other could not be told apart. The lock goes with the process that holds it.
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return fail(ErrorKind::unavailable, "ledger.inaccessible",
                        fmt::format("{}: {}", path, std::strerror(errno)));
        }
        return fail(ErrorKind::conflict, "ledger.in_use",
                    path + " is being written by another load: wait for its end, or give this one a ledger of its own");
    }
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

Result<Ledger> parse_ledger(std::string_view text) {
    LedgerReader reader;
    if (auto added = reader.add(text); !added) return fail(std::move(added).error());
    return reader.finish();
}

Result<Ledger> read_ledger(const std::string& path) {
    // A pipe that nobody writes to must not hold up the audit before it is seen to be one.
    const OpenFile file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    auto ledger = read_ledger_from(file.get());
    if (!ledger) return fail(ledger.error().kind(), ledger.error().code(), path + ": " + ledger.error().detail());
    return ledger;
}

}  // namespace orderflow::load
