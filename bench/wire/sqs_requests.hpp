// The requests of the SQS protocol (AWS JSON 1.0) that the load consists of, as bytes, and what their answers say.
// Unsigned, as far as a server that knows no credentials minds; the header names the region, as emulators want to know.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace orderflow::bench {

// "http://127.0.0.1:9324/000000000000/orders"
struct QueueAddress {
    std::string url;
    std::uint16_t port = 0;
};
// Throws std::invalid_argument for what is no queue URL on 127.0.0.1.
QueueAddress parse_queue_url(std::string_view text);

class SqsRequests {
  public:
    // `batch`: messages of one call, 1 to 10; with 1 the calls are those for one message. `body_bytes` are those of a
    // message.
    SqsRequests(QueueAddress queue, std::size_t batch, std::size_t body_bytes);

    const std::string& send() const { return send_; }
    const std::string& receive() const { return receive_; }
    std::string remove(const std::vector<std::string>& receipts) const;
    std::size_t batch() const { return batch_; }

  private:
    std::string request(std::string_view action, const std::string& members) const;

    QueueAddress queue_;
    std::size_t batch_;
    std::string send_;
    std::string receive_;
};

// The receipt handles of an answer to ReceiveMessage.
std::vector<std::string> receipts_in(std::string_view answer);
// Whether an answer of a batch names entries that failed.
bool has_failed_entries(std::string_view answer);

}  // namespace orderflow::bench
