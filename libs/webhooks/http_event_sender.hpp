// HttpEventSender: one event to one URL: signed as Standard Webhooks 1.0 has it, sent once, its answer judged.
// Source: Standard Webhooks specification 1.0, "Webhook headers", "Deliverability and reliability".
#pragma once

#include "libs/net/http_pool.hpp"
#include "libs/net/public_address.hpp"
#include "libs/orders/ports/event_sender.hpp"

namespace orderflow::webhooks {

// What an answer means that came at `now`. Pure. Codes: "http-<status>". Retry-After of 429 and 503 may be seconds or a
// date (RFC 9110, section 10.2.3), which is compared with the receiver's own Date when it says one.
orders::SendAnswer judge_answer(const net::ClientAnswer& answer, WallTime now);

// For the pool's loop. Codes beside judge_answer(): those of HttpPool::ask(); "webhook.url_refused" when the URL may
// not be called (any more); "webhook.secret_malformed".
class HttpEventSender final : public orders::EventSender {
  public:
    static constexpr std::size_t answer_bytes_max = 64 * 1024;

    // `pool` connects to public addresses alone unless `rules` allow others; without proxies. All outlive the sender.
    HttpEventSender(net::HttpPool& pool, const Clock& clock, net::OutboundRules rules)
        : pool_(pool), clock_(clock), rules_(rules) {}

    // Every URL, whatever becomes of the call; no topic.
    bool serves(const orders::EventEndpoint& endpoint) const override { return !is_topic(endpoint.settings); }
    task<orders::SendAnswer> send(orders::EventEndpoint endpoint, orders::OutgoingEvent event, Instant deadline,
                                  std::stop_token stop) override;

  private:
    net::HttpPool& pool_;
    const Clock& clock_;
    net::OutboundRules rules_;
};

}  // namespace orderflow::webhooks
