#include "libs/net/answer_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <optional>

#include "libs/net/ascii.hpp"

namespace orderflow::net {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using BeastView = boost::beast::string_view;

constexpr unsigned interim_answers_max = 8;
// A chunk's first line or a trailer field longer than this is no answer of ours.
constexpr std::size_t unused_bytes_max = 16 * 1024;

}  // namespace

const std::string* ClientAnswer::find(std::string_view name) const noexcept {
    for (const auto& field : fields) {
        if (iequals(field.name, name)) return &field.value;
    }
    return nullptr;
}

class AnswerParser::Collector final : public http::basic_parser<false> {
  public:
    Collector(ClientAnswer& answer, Asked asked, Limits limits) : answer_(answer) {
        header_limit(static_cast<std::uint32_t>(limits.head_bytes));
        body_limit(limits.body_bytes);
        eager(true);
        skip(asked != Asked::other);
    }

  private:
    void on_request_impl(http::verb /*verb*/, BeastView /*method*/, BeastView /*target*/, int /*version*/,
                         error_code& /*ec*/) override {}
    void on_response_impl(int status, BeastView /*reason*/, int /*version*/, error_code& /*ec*/) override {
        answer_.status = status;
    }
    void on_field_impl(http::field /*field*/, BeastView name, BeastView value, error_code& /*ec*/) override {
        if (in_head_) answer_.fields.push_back({std::string(name), std::string(value)});
    }
    void on_header_impl(error_code& /*ec*/) override { in_head_ = false; }
    // The announced length is not reserved: memory follows the bytes that really come.
    void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/, error_code& /*ec*/) override {}
    std::size_t on_body_impl(BeastView bytes, error_code& /*ec*/) override {
        answer_.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_chunk_header_impl(std::uint64_t /*size*/, BeastView /*extensions*/, error_code& /*ec*/) override {}
    std::size_t on_chunk_body_impl(std::uint64_t /*left*/, BeastView bytes, error_code& /*ec*/) override {
        answer_.body.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void on_finish_impl(error_code& /*ec*/) override {}

    ClientAnswer& answer_;
    bool in_head_ = true;
};

struct AnswerParser::Parts {
    Asked asked;
    Limits limits;
    ClientAnswer answer;
    std::string unused;  // bytes that the collector wants to see again, with more behind them
    bool has_begun = false;
    unsigned interim_answers = 0;
    std::optional<Collector> collector;  // good for one answer

    void begin() {
        answer = ClientAnswer();
        collector.emplace(answer, asked, limits);
    }
};

AnswerParser::AnswerParser(Asked asked, Limits limits) : parts_(std::make_unique<Parts>(asked, limits)) {
    parts_->begin();
}

AnswerParser::~AnswerParser() = default;

AnswerParser::State AnswerParser::put(std::string_view bytes) {
    parts_->has_begun = parts_->has_begun || !bytes.empty();
    parts_->unused += bytes;
    for (;;) {
        const auto state = step();
        if (state != State::complete || parts_->answer.status >= 200) return state;
        if (parts_->answer.status == 101) return State::unsupported;
        if (++parts_->interim_answers > interim_answers_max) return State::malformed;
        parts_->begin();
    }
}

AnswerParser::State AnswerParser::step() {
    auto& collector = *parts_->collector;
    auto& unused = parts_->unused;
    std::size_t used = 0;
    while (!collector.is_done()) {
        error_code refused;
        const auto count =
            collector.put(boost::asio::const_buffer(unused.data() + used, unused.size() - used), refused);
        used += count;
        if (refused == http::error::header_limit || refused == http::error::body_limit ||
            refused == http::error::buffer_overflow) {
            return State::too_large;
        }
        if (refused && refused != http::error::need_more) return State::malformed;
        if (collector.is_header_done() && !collector.is_done() && collector.need_eof()) return State::unsupported;
        if (refused == http::error::need_more || count == 0) break;
        if (used == unused.size()) break;
    }
    unused.erase(0, used);
    if (collector.is_done()) return State::complete;
    if (unused.size() > std::max(parts_->limits.head_bytes, unused_bytes_max)) return State::too_large;
    return State::incomplete;
}

bool AnswerParser::has_begun() const noexcept { return parts_->has_begun; }

bool AnswerParser::connection_is_good() const noexcept {
    return parts_->collector->is_done() && parts_->collector->keep_alive() && parts_->unused.empty();
}

ClientAnswer AnswerParser::take() && { return std::move(parts_->answer); }

}  // namespace orderflow::net
