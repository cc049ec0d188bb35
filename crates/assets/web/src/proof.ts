// Where a form gets many requests at once its page works something out before it is sent: a number beside which the stamp of the
// page has a digest with so many zeros. It begins at once, so that nobody waits who fills something in. Without script, or where the
// browser has no digests to give, the request waits as ignored mail.
{
  const stamp = document.querySelector<HTMLInputElement>("input[type=hidden][name=stamp]");
  const proof = document.querySelector<HTMLInputElement>("input[type=hidden][name=stamp_proof]");
  const form = proof?.form;
  if (stamp && proof && form && isSecureContext) {
    const bits = Number(proof.dataset.bits);
    const encoder = new TextEncoder();
    const find = async () => {
      for (let number = 0; ; number += 1) {
        const digest = await crypto.subtle.digest("SHA-256", encoder.encode(`${stamp.value}.${number}`));
        if (new DataView(digest).getUint32(0) >>> (32 - bits) === 0) return String(number);
      }
    };
    const found = find().then((number) => {
      proof.value = number;
    });
    form.addEventListener("submit", (event) => {
      if (proof.value) return;
      event.preventDefault();
      const { submitter } = event;
      void found.then(() => form.requestSubmit(submitter));
    });
  }
}
