#include "orderflow/import/product_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "libs/async/sleep.hpp"
#include "libs/json/parse.hpp"
#include "libs/net/percent.hpp"
#include "libs/observe/printable.hpp"

namespace orderflow {
namespace {

constexpr int tries_max = 5;
constexpr auto first_pause = std::chrono::seconds(1);
constexpr auto pause_max = std::chrono::seconds(30);
constexpr auto answer_within = std::chrono::seconds(60);
constexpr auto between_questions = std::chrono::milliseconds(200);
constexpr std::size_t answer_bytes_max = 4 * 1024 * 1024;
constexpr std::size_t shown_max = 400;  // of a text of the server

// Of a JSON answer; empty or 0 when it is not there.
std::string text_of(const json::Value& value, std::string_view name) {
    const auto* member = value.find(name);
    const auto* text = member != nullptr ? member->string() : nullptr;
    return text != nullptr ? observe::printable_line(*text, shown_max) : std::string();
}

std::int64_t number_of(const json::Value& value, std::string_view name) {
    const auto* member = value.find(name);
    const auto number = member != nullptr ? member->number() : std::nullopt;
    return number ? number->to_int64().value_or(0) : 0;
}

json::Value::Array list_of(const json::Value& value, std::string_view name) {
    const auto* member = value.find(name);
    const auto* list = member != nullptr ? member->array() : nullptr;
    return list != nullptr ? *list : json::Value::Array();
}

std::optional<json::Document> read(std::string_view body) {
    auto document = json::parse(body, {.bytes = answer_bytes_max});
    if (!document) return std::nullopt;
    return *std::move(document);
}

// "/12/prices/EUR" of a piece of NDJSON, with the line of the file.
std::string pointer_in_file(const std::string& pointer, const FilePiece& piece) {
    std::int64_t line = 0;
    const auto* const begin = pointer.data() + 1;
    if (pointer.size() < 2) return pointer;
    const auto [end, error] = std::from_chars(begin, pointer.data() + pointer.size(), line);
    return error == std::errc{} ? fmt::format("/{}{}", piece.line_of_file(line), end) : pointer;
}

// "line 3, column price_EUR: Must be ..."; a fault of NDJSON has a pointer that begins with its line.
std::string fault(const json::Value& error, const FilePiece& piece) {
    const auto line = number_of(error, "line");
    const auto column = text_of(error, "column");
    const auto detail = text_of(error, "detail");
    if (line == 0) return fmt::format("{}: {}", pointer_in_file(text_of(error, "pointer"), piece), detail);
    if (column.empty()) return fmt::format("line {}: {}", piece.line_of_file(line), detail);
    return fmt::format("line {}, column {}: {}", piece.line_of_file(line), column, detail);
}

std::string previewed(const json::Value& line, const FilePiece& piece) {
    const auto result = text_of(line, "result");
    if (result == "refused") return "refused: " + fault(line, piece);
    auto text =
        fmt::format("{}: line {}, {}", result, piece.line_of_file(number_of(line, "line")), text_of(line, "sku"));
    const char* before = " (";
    for (const auto& change : list_of(line, "changes")) {
        if (change.string() != nullptr) text += before + observe::printable_line(*change.string(), shown_max);
        before = ", ";
    }
    return list_of(line, "changes").empty() ? text : text + ")";
}

// What the pieces of a file would change.
class Preview {
  public:
    void add(const json::Value& answer, const FilePiece& piece) {
        for (const auto& line : list_of(answer, "lines")) {
            auto text = previewed(line, piece);
            if (text.starts_with("refused")) refused_lines_.push_back(text);
            lines_.push_back(std::move(text));
        }
        rows_ += number_of(answer, "rows");
        new_ += number_of(answer, "new");
        changed_ += number_of(answer, "changed");
        unchanged_ += number_of(answer, "unchanged");
        refused_ += number_of(answer, "refused");
    }

    ImportReport whole() && {
        lines_.push_back(fmt::format("{} rows: {} new, {} changed, {} as they are, {} refused; nothing was changed",
                                     rows_, new_, changed_, unchanged_, refused_));
        return {std::move(lines_), refused_ == 0};
    }
    ImportReport refused() && {
        if (refused_ > 0) {
            refused_lines_.push_back(
                fmt::format("{} of {} rows are refused. Nothing of the file was taken.", refused_, rows_));
        }
        return {std::move(refused_lines_), refused_ == 0};
    }

  private:
    std::vector<std::string> lines_;
    std::vector<std::string> refused_lines_;
    std::int64_t rows_ = 0;
    std::int64_t new_ = 0;
    std::int64_t changed_ = 0;
    std::int64_t unchanged_ = 0;
    std::int64_t refused_ = 0;
};

ImportReport faults_of(const json::Value& problem, const FilePiece& piece, bool is_first) {
    ImportReport report;
    report.all_taken = false;
    for (const auto& error : list_of(problem, "errors")) report.lines.push_back(fault(error, piece));
    report.lines.push_back(text_of(problem, "detail") +
                           (is_first ? " Nothing of the file was taken." : " The rows before are taken."));
    return report;
}

bool may_help_later(int status) { return status == 408 || status == 429 || status >= 500; }

BootClock::duration pause_of(const net::ClientAnswer& answer, BootClock::duration otherwise) {
    const auto* field = answer.find("Retry-After");
    int seconds = 0;
    if (field == nullptr) return otherwise;
    const auto [end, error] = std::from_chars(field->data(), field->data() + field->size(), seconds);
    if (error != std::errc{} || end != field->data() + field->size() || seconds < 1) return otherwise;
    return std::min<BootClock::duration>(std::chrono::seconds(seconds), pause_max);
}

// What an answer that is no success means, with what to do.
Error refusal(const net::ClientAnswer& answer) {
    const auto document = read(answer.body);
    const auto detail = document ? text_of(*document, "detail") : std::string();
    if (answer.status == 401) {
        return {ErrorKind::unauthorized, "import.unauthorized",
                "the shop does not take this as the token of an operator: set ORDERFLOW_ADMIN_TOKEN to it"};
    }
    if (answer.status == 403) {
        return {ErrorKind::unauthorized, "import.unauthorized",
                "this token may only read: an import needs that of ORDERFLOW_ADMIN_TOKEN. " + detail};
    }
    if (answer.status == 404) {
        return {ErrorKind::invalid_input, "import.refused", "there is no API of this shop at that address: see --api"};
    }
    return {ErrorKind::invalid_input, "import.refused", fmt::format("the shop answers {}: {}", answer.status, detail)};
}

Error gave_up(const std::string& why, bool perhaps_taken) {
    return {ErrorKind::unavailable, "import.unavailable",
            why + (perhaps_taken ? ". Parts of the file may have been taken: send it again, what is there already "
                                   "stays as it is"
                                 : ". Nothing of the file was taken")};
}

// Without a connection nothing was sent.
bool was_sent(const Result<net::ClientAnswer>& answer) { return answer || answer.error().code() != "http.connect"; }

}  // namespace

net::ClientRequest ProductImport::request(const char* method, std::string_view path) const {
    net::ClientRequest request;
    request.method = method;
    request.url = job_.api;
    const auto base = std::string_view(job_.api.target).substr(0, job_.api.target.find_first_of("?#"));
    request.url.target = std::string(base.substr(0, base.find_last_not_of('/') + 1)) + std::string(path);
    request.answer_bytes_max = answer_bytes_max;
    request.fields.push_back({"Accept", "application/json"});
    if (!job_.token.empty()) request.fields.push_back({"Authorization", "Bearer " + job_.token});
    return request;
}

task<Result<ImportReport>> ProductImport::run() {
    if (job_.dry_run) co_return co_await check(true);
    if (job_.pieces.size() > 1) {
        auto checked = co_await check(false);
        if (!checked || !checked->all_taken) co_return checked;
    }
    std::vector<std::string> commands;
    std::int64_t rows = 0;
    for (std::size_t i = 0; i < job_.pieces.size(); ++i) {
        const auto answer = co_await bring(i, Wish::take);
        if (!answer) co_return fail(answer.error());
        const auto document = read(answer->body);
        if (answer->status == 422 && document) co_return faults_of(*document, job_.pieces[i], i == 0);
        if (answer->status != 202) {
            const auto why = refusal(*answer);
            co_return fail(why.kind(), why.code(), why.detail() + (i == 0 ? "" : ". The rows before are taken"));
        }
        const auto parts = document ? list_of(*document, "parts") : json::Value::Array();
        if (parts.empty()) co_return fail(gave_up("the shop's answer cannot be read", true));
        for (const auto& part : parts) commands.push_back(text_of(part, "id"));
        rows += number_of(*document, "rows");
        tell_(fmt::format("{} taken, in {} {}", rows == 1 ? "1 row is" : fmt::format("{} rows are", rows),
                          commands.size(), commands.size() == 1 ? "part" : "parts"));
    }
    co_return co_await follow(std::move(commands));
}

// A `preview` is all that would change; else it is what would be refused.
task<Result<ImportReport>> ProductImport::check(bool preview) {
    Preview found;
    for (std::size_t i = 0; i < job_.pieces.size(); ++i) {
        const auto answer = co_await bring(i, Wish::check);
        if (!answer) co_return fail(answer.error());
        const auto document = read(answer->body);
        if (answer->status == 422 && document) co_return faults_of(*document, job_.pieces[i], true);
        if (answer->status != 200) co_return fail(refusal(*answer));
        if (!document) co_return fail(gave_up("the shop's answer cannot be read", false));
        found.add(*document, job_.pieces[i]);
        if (job_.pieces.size() > 1) tell_(fmt::format("piece {} of {} is checked", i + 1, job_.pieces.size()));
    }
    co_return preview ? std::move(found).whole() : std::move(found).refused();
}

// Under one key: however often it arrives, it is one import.
task<Result<net::ClientAnswer>> ProductImport::bring(std::size_t piece, Wish wish) {
    const bool take = wish == Wish::take;
    std::string path = "/v1/admin/products/import?dry_run=";
    path += take ? "false" : "true";
    if (!job_.by.empty()) path += "&by=" + net::encode_form(job_.by);
    if (!job_.reason.empty()) path += "&reason=" + net::encode_form(job_.reason);
    auto question = request("POST", path);
    const bool csv = job_.format == contract::ProductFileFormat::csv;
    question.fields.push_back({"Content-Type", csv ? "text/csv" : "application/x-ndjson"});
    if (take) {
        auto key = piece == 0 ? job_.key : fmt::format("{}-{}", job_.key, piece + 1);
        question.fields.push_back({"Idempotency-Key", std::move(key)});
    }
    question.body = job_.pieces[piece].text;
    bool perhaps_taken = take && piece > 0;
    BootClock::duration pause = first_pause;
    for (int tries = 1;; ++tries) {
        auto answer = co_await ask_(question, clock_.now() + answer_within);
        if (!answer && answer.error().kind() == ErrorKind::invalid_input) co_return fail(answer.error());
        if (answer && !may_help_later(answer->status)) co_return answer;
        const auto why = answer ? fmt::format("the shop answers {}", answer->status) : answer.error().detail();
        perhaps_taken |= take && was_sent(answer);
        if (tries == tries_max) co_return fail(gave_up(why, perhaps_taken));
        const auto wait = answer ? pause_of(*answer, pause) : pause;
        tell_(fmt::format("{}; again in {} s", why, std::chrono::ceil<std::chrono::seconds>(wait).count()));
        co_await sleep_until(timers_, clock_.now() + wait);
        pause *= 2;
    }
}

task<Result<ImportReport>> ProductImport::follow(std::vector<std::string> commands) {
    ImportReport report;
    const auto until = clock_.now() + job_.wait;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        std::string result;
        const auto all_taken = co_await follow_one(commands[i], until, result);
        if (!all_taken) co_return fail(all_taken.error());
        report.all_taken &= *all_taken;
        report.lines.push_back(fmt::format("part {} of {}: {}", i + 1, commands.size(), result));
        tell_(report.lines.back());
    }
    co_return report;
}

// `result` outlives the call: the caller awaits it. Whether no row of the part was skipped.
task<Result<bool>> ProductImport::follow_one(std::string command, Instant until, std::string& result) {
    while (clock_.now() < until) {
        const auto question = request("GET", "/v1/admin/audit/" + command);
        const auto answer = co_await ask_(question, std::min(until, clock_.now() + answer_within));
        const auto document = answer && answer->status == 200 ? read(answer->body) : std::nullopt;
        const auto state = document ? text_of(*document, "state") : std::string();
        if (!state.empty() && state != "running") {
            const auto* failure = document->find("failure");
            result = failure != nullptr ? text_of(*failure, "detail") : text_of(*document, "result");
            co_return state == "done" && number_of(*document, "skipped") == 0;
        }
        co_await sleep_until(timers_, std::min(until, clock_.now() + between_questions));
    }
    co_return fail(ErrorKind::unavailable, "import.unfinished",
                   "the file is taken, and the worker has not carried it out yet: /v1/admin/audit/" + command +
                       " will tell. Are the workers paused?");
}

}  // namespace orderflow
