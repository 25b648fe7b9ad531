"""One short message for the next page that is not cached: a code in a cookie, so that no text comes from outside."""

from typing import NamedTuple

from sanic.request import Request
from sanic.response import HTTPResponse

from server.auth import cookie_name, drop_cookie, set_cookie
from server.http import context

COOKIE = "flash"
TTL_S = 60


class Flash(NamedTuple):
    text: str
    tone: str = "good"
    url: str = ""
    label: str = ""


EARLIER = "Your earlier change still waits for the market: leave it, or take it back."
"""To a seller who is trusted by now, and was not when it was made."""
MESSAGES = {
    "welcome": Flash("Good to see you."),
    "renewed": Flash("This page was out of date, so it was loaded anew. Please do that once more.", "bad"),
    "signed-out": Flash("You are signed out."),
    "added": Flash("Added to your cart.", url="/cart", label="See the cart"),
    "item-gone": Flash("That is no longer in your cart: it was taken out elsewhere.", "bad"),
    "pending-order": Flash("This order still waits to be paid. Pay it, or cancel it to order anew.", "bad"),
    "no-cash": Flash("This order cannot be paid in cash after all. It is kept for you: pay it online.", "bad"),
    "order-cancelled": Flash("The order is cancelled. What was in it is still in your cart."),
    "order-ended": Flash("The order is cancelled."),
    "saved": Flash("Saved. Shoppers find it in a moment."),
    "saved-beside": Flash(f"Saved. Shoppers find it in a moment. {EARLIER}"),
    "unseen-taken-back": Flash("Saved. Shoppers do not see it any more, and what waited for the market is taken back."),
    "unseen-taken-back-pictures": Flash(
        "Saved. Shoppers do not see it any more. What waited for the market is taken back, and its new pictures are"
        " gone with it: add them again if you want them."
    ),
    "unseen-saved": Flash("Saved. Shoppers do not see it yet."),
    "draft-made": Flash("Your draft is kept. Now its pictures."),
    "pending": Flash("Saved. It goes on sale once the market has looked at it."),
    "password-set": Flash("Saved. Sign in with the new password."),
    "password-changed": Flash("Saved. Other devices are signed out."),
    "mail-asked": Flash("A link is on its way to the new address."),
    "mail-changed": Flash("Saved. You sign in with this address now."),
    "app-removed": Flash("Removed. Only the password is asked for now."),
    "phone-proved": Flash("Saved. Codes can go to this number."),
    "linked": Flash("Linked. It opens your account from now on."),
    "unlinked": Flash("Unlinked."),
    "device-out": Flash("Signed out there."),
    "devices-out": Flash("Signed out everywhere else."),
    "profile-saved": Flash("Saved."),
    "address-kept": Flash("Address kept."),
    "address-gone": Flash("Address removed."),
    "address-default": Flash("Checkout offers this address first."),
    "pictures-added": Flash("Added."),
    "pictures-added-beside": Flash(f"Added, shoppers see it in a moment. {EARLIER}"),
    "pictures-wait": Flash("Added. Shoppers see it once the market has looked at it."),
    "picture-removed": Flash("Taken away."),
    "picture-removed-beside": Flash(f"Taken away. {EARLIER}"),
    "picture-leaves": Flash("Shoppers see it until the market agrees that it goes."),
    "picture-unasked": Flash("Taken away. The market is not asked for it any more."),
    "picture-kept": Flash("A good picture. Saved."),
    "picture-gone": Flash("Your picture is gone."),
    "erased": Flash("You are erased. Thank you for having been here."),
    "coupon-made": Flash("The coupon holds from now on."),
    "zone-set": Flash("These PIN codes lie in it from now on."),
    "tax-set": Flash("The rate holds from its day on."),
    "rate-set": Flash("The charge holds from now on."),
    "wished": Flash(
        "On your wishlist. A mail comes if it sells out and is back.", url="/account/wishlist", label="See it"
    ),
    "wish-moved": Flash("Moved to your cart.", url="/cart", label="See the cart"),
    "wish-gone": Flash("Taken off your wishlist."),
    "parcel-pack": Flash("Packed. Print the slip and send it."),
    "parcel-ship": Flash("Sent. The buyer knows how to follow it."),
    "parcel-deliver": Flash("Delivered."),
    "parcel-lose": Flash("Noted. The buyer pays nothing for it."),
    "parcel-split": Flash("Two parcels now. Pack them when you like."),
    "cash-cancel": Flash("Cancelled. You pay nothing for it."),
    "parcel-cancel": Flash("Cancelled. What was paid for it goes back."),
    "return-asked": Flash("The seller has your request and will answer."),
    "return-approve": Flash("Accepted. The buyer is told where to send it."),
    "return-refuse": Flash("Refused; the buyer can read why."),
    "return-receive": Flash("Noted. Now give the money back."),
    "return-refund": Flash("The money is on its way."),
    "nothing-returnable": Flash("Nothing of this order can be sent back any more.", "bad"),
    "refund-asked": Flash("The refund is on its way."),
    "dispute-borne": Flash("Saved. The books and the next payouts follow."),
    "review-sent": Flash("Thank you. It is shown once the market has looked at it."),
    "job-dropped": Flash("The job is gone."),
    "job-retried": Flash("The job runs again."),
    "words-saved": Flash("Saved. Search knows it in a moment."),
    "payouts-made": Flash("What is due is on its way."),
    "query-hidden": Flash("It is suggested to nobody any more, in a moment."),
    "query-shown": Flash("It may be suggested again."),
    "rule-saved": Flash("Saved. Nobody but you sees it before it is published."),
    "rule-published": Flash("Published. Shoppers see it in a moment, or from its start."),
    "rule-unpublished": Flash("Taken back to a draft."),
    "rule-removed": Flash("Removed."),
    "shop-opened": Flash("Your shop is open in draft. The checklist says what is missing."),
    "shop-sent": Flash("Sent. The market looks at it and writes to you."),
    "change-waits": Flash("Saved. The market looks at the change first; price and stock hold from now on."),
    "change-withdrawn": Flash("Taken back. The product stays as it is."),
    "change-withdrawn-pictures": Flash(
        "Taken back, and the pictures that waited are gone with it: add them again if you want them. The product stays"
        " as it is."
    ),
    "invited": Flash("Invited. The mail is on its way."),
    "approved": Flash("Approved."),
    "refused": Flash("Refused; the seller can read why."),
}


def leave(request: Request, response: HTTPResponse, code: str) -> HTTPResponse:
    """The next page says it."""
    set_cookie(response, context(request).settings, COOKIE, code, ttl_s=TTL_S)
    return response


def take(request: Request) -> Flash | None:
    """What the last page left; `tidy` must follow on the response."""
    code = request.cookies.get(cookie_name(context(request).settings, COOKIE))
    request.ctx.flash_taken = bool(code)
    return MESSAGES.get(code or "")


def tidy(request: Request, response: HTTPResponse) -> HTTPResponse:
    if getattr(request.ctx, "flash_taken", False):
        drop_cookie(response, context(request).settings, COOKIE)
    return response
