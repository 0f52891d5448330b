// Receipt handles: text that names one delivery of one message and cannot be forged.
//
// 34 characters of base64url over 25 bytes: version, queue, sequence, delivery number, SipHash tag. The delivery number
// is the receive count in that queue, which is journaled before the handle is given out and never goes back: that is
// the fence, also across restarts. The tag proves that this journal issued the handle.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.hpp"
#include "queue-service/engine/message.hpp"
#include "queue-service/engine/sip_hash.hpp"

namespace orderflow::queue {

struct DeliveryName {
    MessageKey message;
    std::uint32_t receive_count = 0;

    friend bool operator==(const DeliveryName&, const DeliveryName&) = default;
};

std::string to_receipt_handle(const SipKey& key, const DeliveryName& delivery);

// invalid_input "queue.receipt_handle_invalid" for anything that to_receipt_handle did not make with this key.
Result<DeliveryName> parse_receipt_handle(const SipKey& key, std::string_view text);

}  // namespace orderflow::queue
