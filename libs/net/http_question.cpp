#include "libs/net/http_question.hpp"

#include <boost/asio/io_context.hpp>
#include <optional>
#include <utility>

namespace orderflow::net {
namespace {

constexpr auto tick = std::chrono::milliseconds(20);

class Question final : public HttpClient::Listener {
  public:
    void answered(HttpClient&, const HttpAnswer& answer) override {
        outcome = WholeAnswer{answer.status, std::string(answer.body)};
    }
    void failed(HttpClient&, HttpFailure failure) override { outcome = std::unexpected(failure); }

    std::optional<std::expected<WholeAnswer, HttpFailure>> outcome;
};

}  // namespace

std::expected<WholeAnswer, HttpFailure> ask(const ListenAddress& server, std::string request, const Clock& clock,
                                            BootClock::duration within, std::size_t answer_bytes_max) {
    boost::asio::io_context loop(1);
    Question question;
    HttpClient client(loop, server, question, answer_bytes_max);
    client.request() = std::move(request);
    client.send(clock.now() + within);
    while (!question.outcome) {
        loop.run_one_for(tick);
        client.expire_if_due(clock.now());
    }
    return *std::move(question.outcome);
}

}  // namespace orderflow::net
