// A season as an organiser sees it: a conference on sale, buyers of several days, some of whom paid.
import { conference, order } from "./plenary.mjs";

const names = [
  "Анна Смирнова", "Дмитрий Кузнецов", "Екатерина Соловьёва", "Михаил Орлов", "Ольга Лебедева", "Сергей Новиков",
  "Наталья Морозова", "Алексей Волков", "Ирина Фёдорова", "Павел Зайцев", "Константин Константинопольский", "Юлия Абрамова",
];

const latin = (index) => `buyer${index}@example.org`;

/** Answers the conference and the orders, oldest first; `days` of sales with `perDay` orders each. */
export async function season(plenary, { days = 5, perDay = 12 } = {}) {
  const { api } = plenary;
  const { event, hall, online } = await conference(plenary);
  const orders = [];
  for (let day = 0; day < days; day += 1) {
    const today = Array.from({ length: perDay - ((day * 3) % 5) }, (_, index) => index + day * perDay);
    for (const index of today) {
      orders.push(await order(plenary, index % 4 === 3 ? online : hall, names[index % names.length], latin(index)));
    }
    for (const { number } of orders.slice(-today.length).filter((_, index) => index % 3 !== 1)) await pay(api, number);
    if (day < days - 1) await api("POST", "/api/v1/sandbox/clock", { advance: "PT21H" });
  }
  return { event, hall, online, orders };
}

/** The record of an order by its number. */
export async function found(api, number) {
  const { data } = await api("GET", `/api/v1/orders?filter=${encodeURIComponent(`number == "${number}"`)}`);
  return data[0];
}

/** Books everything that is due for the order. */
export async function pay(api, number) {
  const { id, due } = await found(api, number);
  await api("POST", "/api/v1/payments", { order: id, amount: due, method: "bank", received_at: new Date(Date.now() - 60_000).toISOString(), external_id: `bank-${number}` });
  return id;
}
