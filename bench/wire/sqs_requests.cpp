#include "bench/wire/sqs_requests.hpp"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace orderflow::bench {
namespace {

// The text of the member that begins at `at`, behind its name: `: "..."`. Receipt handles have no escapes.
std::string_view text_at(std::string_view answer, std::size_t at) {
    const auto begin = answer.find('"', answer.find(':', at)) + 1;
    return answer.substr(begin, answer.find('"', begin) - begin);
}

}  // namespace

QueueAddress parse_queue_url(std::string_view text) {
    constexpr std::string_view origin = "http://127.0.0.1:";
    QueueAddress address{.url = std::string(text)};
    if (!text.starts_with(origin)) throw std::invalid_argument("a queue URL begins with " + std::string(origin));
    text.remove_prefix(origin.size());
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), address.port);
    if (error != std::errc() || address.port == 0) throw std::invalid_argument("the queue URL has no port");
    return address;
}

SqsRequests::SqsRequests(QueueAddress queue, std::size_t batch, std::size_t body_bytes)
    : queue_(std::move(queue)), batch_(batch) {
    const std::string body(body_bytes, 'o');
    receive_ = request("ReceiveMessage", fmt::format(R"("MaxNumberOfMessages":{},"VisibilityTimeout":600)", batch));
    if (batch == 1) {
        send_ = request("SendMessage", fmt::format(R"("MessageBody":"{}")", body));
        return;
    }
    std::string entries;
    for (std::size_t id = 0; id < batch; ++id) {
        entries += fmt::format(R"({}{{"Id":"{}","MessageBody":"{}"}})", id == 0 ? "" : ",", id, body);
    }
    send_ = request("SendMessageBatch", fmt::format(R"("Entries":[{}])", entries));
}

std::string SqsRequests::remove(const std::vector<std::string>& receipts) const {
    if (batch_ == 1) return request("DeleteMessage", fmt::format(R"("ReceiptHandle":"{}")", receipts.front()));
    std::string entries;
    for (std::size_t id = 0; id < receipts.size(); ++id) {
        entries += fmt::format(R"({}{{"Id":"{}","ReceiptHandle":"{}"}})", id == 0 ? "" : ",", id, receipts[id]);
    }
    return request("DeleteMessageBatch", fmt::format(R"("Entries":[{}])", entries));
}

std::string SqsRequests::request(std::string_view action, const std::string& members) const {
    const auto body = fmt::format(R"({{"QueueUrl":"{}",{}}})", queue_.url, members);
    return fmt::format(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/x-amz-json-1.0\r\n"
        "X-Amz-Target: AmazonSQS.{}\r\nX-Amz-Date: 20260101T000000Z\r\n"
        "Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sqs/aws4_request, "
        "SignedHeaders=host;x-amz-date;x-amz-target, Signature={:064}\r\nContent-Length: {}\r\n\r\n{}",
        queue_.port, action, 0, body.size(), body);
}

std::vector<std::string> receipts_in(std::string_view answer) {
    constexpr std::string_view name = R"("ReceiptHandle")";
    std::vector<std::string> receipts;
    for (auto at = answer.find(name); at != std::string_view::npos; at = answer.find(name, at + 1)) {
        receipts.emplace_back(text_at(answer, at + name.size()));
    }
    return receipts;
}

bool has_failed_entries(std::string_view answer) {
    constexpr std::string_view name = R"("Failed")";
    const auto at = answer.find(name);
    if (at == std::string_view::npos) return false;
    const auto list = answer.find('[', at);
    return answer.find_first_not_of(" \r\n\t", list + 1) != answer.find(']', list);
}

}  // namespace orderflow::bench
